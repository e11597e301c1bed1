// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.Arrays;

/** Jackson's working buffers, wiped when a parser or generator gives them back and never shared. */
public final class WipingBuffers extends BufferRecycler {
  private static final int MAX_NESTING = 32;
  private static final int MAX_STRING_LENGTH = 1 << 16;

  /** Makes buffers for one parser or generator. */
  public WipingBuffers() {}

  /** Makes a factory whose parsers and generators leave no key in a buffer once they are closed. */
  public static JsonFactory jsonFactory() {
    return JsonFactory.builder()
        .recyclerPool(new Pool())
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxStringLength(MAX_STRING_LENGTH)
                .build())
        .build();
  }

  @Override
  public void releaseByteBuffer(int index, byte[] buffer) {
    Arrays.fill(buffer, (byte) 0);
  }

  @Override
  public void releaseCharBuffer(int index, char[] buffer) {
    Arrays.fill(buffer, '\0');
  }

  private static final class Pool implements RecyclerPool<BufferRecycler> {
    private static final long serialVersionUID = 1L;

    @Override
    public BufferRecycler acquirePooled() {
      return new WipingBuffers();
    }

    @Override
    public void releasePooled(BufferRecycler pooled) {
      // Every parser and generator has buffers of its own.
    }
  }
}
