// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.junit.jupiter.api.Test;

class WipingBufferPoolTest {
  private final WipingBufferPool pool = new WipingBufferPool();

  @Test
  void buffer_whoseLastUserIsDone_isOverwritten_andNotBefore() {
    RetainableByteBuffer.Mutable buffer = pool.acquire(16, true);
    assertThat(buffer.append(ByteBuffer.wrap("a key".getBytes(US_ASCII)))).isTrue();
    byte[] bytes = buffer.getByteBuffer().array();
    buffer.retain();

    buffer.release();
    assertThat(bytes).startsWith("a key".getBytes(US_ASCII));
    buffer.release();
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void buffer_isEmpty_hasRoom_andIsNobodyElses() {
    RetainableByteBuffer first = pool.acquire(16, false);
    RetainableByteBuffer second = pool.acquire(16, false);

    assertThat(first.remaining()).isZero();
    assertThat(first.capacity()).isEqualTo(16);
    assertThat(first.getByteBuffer().array()).isNotSameAs(second.getByteBuffer().array());
  }
}
