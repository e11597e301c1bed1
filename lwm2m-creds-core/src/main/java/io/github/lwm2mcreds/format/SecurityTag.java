// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.format.DeviceFormatException.Reason;

/** The security tag that all lines of a file must agree on. */
final class SecurityTag {
  private long tag = -1;

  void require(String digits, int offset) throws DeviceFormatException {
    long found = Long.parseLong(digits); // the patterns allow ten digits
    if (found > Integer.MAX_VALUE) {
      throw new DeviceFormatException(
          Reason.MALFORMED, offset, "a security tag is 0 to " + Integer.MAX_VALUE);
    }
    if (tag >= 0 && found != tag) {
      throw new DeviceFormatException(
          Reason.AMBIGUOUS, offset, "the file has the security tags " + tag + " and " + found);
    }
    tag = found;
  }
}
