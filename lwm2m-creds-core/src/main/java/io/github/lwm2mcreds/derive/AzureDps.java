// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;

/** Derives the keys of Azure's enrollment groups: HMAC-SHA256 over the registration id. */
final class AzureDps implements KeyDerivation {
  static final AzureDps INSTANCE = new AzureDps();

  private static final int MAX_LENGTH = 128;

  private AzureDps() {}

  @Override
  public PreSharedKey derive(GroupKey groupKey, String endpoint) {
    if (!accepts(endpoint)) {
      throw new IllegalArgumentException(
          "the endpoint '"
              + Printable.escape(endpoint)
              + "' is not a registration id in lower case; use 1 to "
              + MAX_LENGTH
              + " of a-z, 0-9 and -._: that end in a letter, a digit or -");
    }
    return groupKey.derive(secret -> HmacSha256.of(secret, endpoint.getBytes(US_ASCII)));
  }

  @Override
  public boolean accepts(String endpoint) {
    int length = endpoint.length();
    return length > 0
        && length <= MAX_LENGTH
        && endpoint.chars().allMatch(c -> isLetterOrDigit(c) || "-._:".indexOf(c) >= 0)
        && (isLetterOrDigit(endpoint.charAt(length - 1)) || endpoint.endsWith("-"));
  }

  private static boolean isLetterOrDigit(int c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }

  @Override
  public String toString() {
    return "Azure DPS";
  }
}
