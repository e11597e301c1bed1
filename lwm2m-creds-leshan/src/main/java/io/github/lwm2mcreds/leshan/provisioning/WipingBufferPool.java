// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * The buffers of Jetty's connections, through which keys come: on the heap, never used for another
 * connection, and overwritten when Jetty is done with them.
 */
final class WipingBufferPool implements ByteBufferPool {
  @Override
  public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
    byte[] bytes = new byte[size];
    ByteBuffer empty = ByteBuffer.wrap(bytes).limit(0);
    return RetainableByteBuffer.wrap(empty, () -> Arrays.fill(bytes, (byte) 0));
  }

  @Override
  public void clear() {
    // nothing is kept
  }
}
