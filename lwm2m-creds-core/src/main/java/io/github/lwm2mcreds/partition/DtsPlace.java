// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;

/**
 * A line of devicetree source.
 *
 * @param file the name of its file; empty if there is only one text without a name
 * @param number its number, from 1
 * @param affirmed whether it stands in a conditional that only names with a known definition decide
 */
record DtsPlace(String file, int number, boolean affirmed) {
  FlashImageException refusal(Reason reason, String what) {
    return new FlashImageException(reason, this + ": " + what);
  }

  FlashImageException malformed(String what) {
    return refusal(Reason.BAD_DEVICETREE, what);
  }

  @Override
  public String toString() {
    return file.isEmpty() ? "line " + number : Printable.escape(file) + ":" + number;
  }
}
