// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;

/**
 * Bounds the work of a search, counted in characters that are read and tokens that are made. The
 * devicetree of a board and its includes take less than a hundredth of it.
 */
final class DtsBudget {
  private static final long MAX = 64L << 20;

  private long spent;

  void spend(long work) throws FlashImageException {
    spent += work;
    if (spent > MAX) {
      throw new FlashImageException(
          Reason.BAD_DEVICETREE, "the devicetree is too large, or its macros or includes grow");
    }
  }

  /** Whether a tenth is left, so that reading it all once more is sensible. */
  boolean isAmple() {
    return spent < MAX - MAX / 10;
  }
}
