// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** Makes bearer tokens. */
public final class AccessToken {
  private static final int RANDOM_BYTES = 32;

  /** Lets tools that look for secrets in files and logs find one. */
  private static final byte[] PREFIX = "lwm2mcreds_".getBytes(StandardCharsets.US_ASCII);

  private AccessToken() {}

  /**
   * Makes a token of 256 random bits.
   *
   * @return ASCII text, which the caller shows once and wipes
   */
  public static byte[] create() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(random);
    byte[] token = Arrays.copyOf(PREFIX, PREFIX.length + text.length);
    System.arraycopy(text, 0, token, PREFIX.length, text.length);
    Arrays.fill(random, (byte) 0);
    Arrays.fill(text, (byte) 0);
    return token;
  }
}
