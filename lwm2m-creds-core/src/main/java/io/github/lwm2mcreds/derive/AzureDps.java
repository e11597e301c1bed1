package io.github.lwm2mcreds.derive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys of Azure's enrollment groups: HMAC-SHA256 over the registration id. */
final class AzureDps implements KeyDerivation {
  static final AzureDps INSTANCE = new AzureDps();

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAX_LENGTH = 128;

  private AzureDps() {}

  @Override
  public PreSharedKey derive(GroupKey groupKey, String endpoint) {
    if (!accepts(endpoint)) {
      throw new IllegalArgumentException(
          "'"
              + Printable.escape(endpoint)
              + "' is no registration id in lower case: 1 to "
              + MAX_LENGTH
              + " of a-z, 0-9 and -._: with a letter, a digit or - at the end");
    }
    byte[] secret = groupKey.exposeBytes();
    byte[] key = new byte[0];
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      key = mac.doFinal(endpoint.getBytes(US_ASCII));
      return PreSharedKey.copyOf(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java runtime has no HmacSHA256, which every Java runtime must have", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
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
