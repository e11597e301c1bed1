// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.util.regex.Pattern;

/**
 * What identifies the rows of one manifest, so that a row that is missing, added or changed is
 * noticed. {@code MANIFEST.md} defines the digest.
 *
 * @param number 1 to 64 ASCII letters, digits and {@code . _ : / -}; unique in the factory
 * @param count the number of rows
 * @param sha256 the digest over the rows in their order, 64 lower-case hex digits
 */
public record Lot(String number, long count, String sha256) {
  private static final Pattern NUMBER = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the values.
   *
   * @param number the lot's number
   * @param count the number of rows
   * @param sha256 the digest over the rows
   * @throws IllegalArgumentException if one is outside its limits
   */
  public Lot {
    requireNumber(number);
    if (count < 0 || !DIGEST.matcher(sha256).matches()) {
      throw new IllegalArgumentException("a lot has a count and a SHA-256 digest in hex");
    }
  }

  static boolean isNumber(String number) {
    return NUMBER.matcher(number).matches();
  }

  static String requireNumber(String number) {
    if (!isNumber(number)) {
      throw new IllegalArgumentException(
          "the number of a lot has 1 to 64 ASCII letters, digits and . _ : / -");
    }
    return number;
  }
}
