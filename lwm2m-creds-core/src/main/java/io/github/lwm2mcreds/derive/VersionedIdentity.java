// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.PskIdentity;

/**
 * The endpoint and the version of the group key that a PSK identity names. Each pair has exactly
 * one identity; {@link DeviceGroup} has the rules.
 *
 * @param version 0, which no key has, for an identity that breaks the rules
 */
record VersionedIdentity(String endpoint, int version) {
  static final char MARK = '~';
  static final int MAX_SUFFIX_LENGTH = 5;

  static VersionedIdentity parse(PskIdentity pskIdentity, int plainVersion) {
    String text = pskIdentity.asString();
    int mark = text.lastIndexOf(MARK);
    if (mark < 0) {
      return new VersionedIdentity(text, plainVersion);
    }
    int version = number(text.substring(mark + 1));
    return new VersionedIdentity(text.substring(0, mark), version == plainVersion ? 0 : version);
  }

  private static int number(String digits) {
    return digits.isEmpty()
            || digits.length() >= MAX_SUFFIX_LENGTH
            || digits.charAt(0) == '0'
            || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? 0
        : Integer.parseInt(digits);
  }

  PskIdentity format(int plainVersion) {
    return PskIdentity.of(version == plainVersion ? endpoint : endpoint + MARK + version);
  }
}
