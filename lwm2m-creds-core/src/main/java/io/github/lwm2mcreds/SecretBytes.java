// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Arrays;

/** Overwrites secret bytes after use. */
public final class SecretBytes {
  private SecretBytes() {}

  /**
   * What is done with secret bytes.
   *
   * @param <T> what it returns
   * @param <X> what it throws
   */
  @FunctionalInterface
  public interface Use<T, X extends Exception> {
    /**
     * Uses the bytes.
     *
     * @param secret overwritten afterwards, so not to be kept or returned
     * @return anything but the bytes
     * @throws X if it fails
     */
    T apply(byte[] secret) throws X;
  }

  /**
   * Returns what a function makes of secret bytes, and overwrites the bytes, even if it throws.
   *
   * @param <T> what the function returns
   * @param <X> what the function throws
   * @param secret overwritten with zeros
   * @param use called once
   * @return what the function returned
   * @throws X what the function threw
   */
  public static <T, X extends Exception> T useAndWipe(byte[] secret, Use<T, X> use) throws X {
    try {
      return use.apply(secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
