// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Runs decoders on input that may be anything, within bounds that hold for any input. */
public final class Hostile {
  /** After how many seconds a decoder hangs, on the slowest machine. */
  public static final int SECONDS = 120;

  /** What a decoder may allocate whatever it is given: windows, ciphers, classes used first. */
  private static final long FIXED = 16L << 20;

  private static final long PER_BYTE = 4 << 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Hostile() {}

  /** What is done with an input. */
  @FunctionalInterface
  public interface Decoder<T> {
    T decode() throws Exception;
  }

  /**
   * Decodes an input.
   *
   * @param length of the input, in bytes or characters
   * @param documented the exceptions that the decoder says it throws
   * @return what was decoded; empty if it was refused
   * @throws AssertionError if the decoder allocates out of proportion to its input, or a refusal
   *     could harm whoever reads it
   */
  @SafeVarargs
  public static <T> Optional<T> decode(
      int length, Decoder<T> decoder, Class<? extends Exception>... documented) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      return Optional.of(decoder.decode());
    } catch (Exception e) {
      for (Class<? extends Exception> type : documented) {
        if (type.isInstance(e)) {
          requireHarmless(String.valueOf(e.getMessage()));
          return Optional.empty();
        }
      }
      throw e;
    } finally {
      if (THREADS.getCurrentThreadAllocatedBytes() - before > bound(length)) {
        requireBounded(length, decoder);
      }
    }
  }

  private static long bound(int length) {
    return FIXED + PER_BYTE * length;
  }

  /** Once more: classes are loaded the first time, and changed by the fuzzer on this thread. */
  private static void requireBounded(int length, Decoder<?> decoder) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      decoder.decode();
    } catch (Exception e) {
      // as before
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > bound(length)) {
      throw new AssertionError(length + " units of input made it allocate " + allocated + " bytes");
    }
  }

  /**
   * Checks that text can be shown to people.
   *
   * @param text what a message or a list says
   * @throws AssertionError if it has a control or format character, a line's end or a lone
   *     surrogate
   */
  public static void requireHarmless(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            throw new AssertionError(String.format("character %d is U+%04X", i, c));
        default -> {}
      }
    }
  }
}
