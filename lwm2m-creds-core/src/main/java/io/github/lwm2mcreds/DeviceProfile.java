// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_NOT_ASCII;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_ENDPOINT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_SHORT;

import io.github.lwm2mcreds.InvalidCredentialException.Reason;

/**
 * What the software on a device can store. It refuses a credential that does not fit, before it is
 * flashed.
 *
 * <p>The limits are taken from the projects' sources: dm-lwm2m's credential partition; Zephyr's
 * {@code CONFIG_LWM2M_SECURITY_KEY_SIZE}; tinydtls' {@code DTLS_PSK_MAX_KEY_LEN} and {@code
 * DTLS_PSK_MAX_CLIENT_IDENTITY_LEN}; Mbed TLS' {@code MBEDTLS_PSK_MAX_LEN}.
 */
public final class DeviceProfile {
  /**
   * dm-lwm2m firmware: an ASCII endpoint of at most 32 characters, which is also the identity, and
   * a key of 16 bytes.
   */
  public static final DeviceProfile DM_LWM2M = new DeviceProfile("dm-lwm2m", 32, 16, 16, true);

  /** tinydtls with its defaults: identities of up to 32 bytes and keys of up to 16. */
  public static final DeviceProfile TINYDTLS = new DeviceProfile("tinydtls", 32, 1, 16, false);

  /** Mbed TLS with its defaults: keys of up to 32 bytes. */
  public static final DeviceProfile MBEDTLS =
      new DeviceProfile("mbedtls", PskIdentity.MAX_LENGTH, 1, 32, false);

  private final String name;
  private final int maxIdentityLength;
  private final int minKeyLength;
  private final int maxKeyLength;
  private final boolean identityIsAsciiEndpoint;

  private DeviceProfile(
      String name,
      int maxIdentityLength,
      int minKeyLength,
      int maxKeyLength,
      boolean identityIsAsciiEndpoint) {
    this.name = name;
    this.maxIdentityLength = maxIdentityLength;
    this.minKeyLength = minKeyLength;
    this.maxKeyLength = maxKeyLength;
    this.identityIsAsciiEndpoint = identityIsAsciiEndpoint;
  }

  /**
   * Returns the profile of Zephyr's LwM2M client.
   *
   * @param securityKeySize its {@code CONFIG_LWM2M_SECURITY_KEY_SIZE}, 16 to 256 bytes, for both
   *     key and identity
   * @return the profile
   * @throws IllegalArgumentException if the size is not one that Zephyr can be built with
   */
  public static DeviceProfile zephyr(int securityKeySize) {
    if (securityKeySize < 16 || securityKeySize > 256) {
      throw new IllegalArgumentException(
          "CONFIG_LWM2M_SECURITY_KEY_SIZE must be 16 to 256, not " + securityKeySize);
    }
    return new DeviceProfile("zephyr", securityKeySize, 1, securityKeySize, false);
  }

  /**
   * Checks that the device can store a credential.
   *
   * @param credential the credential to check
   * @throws InvalidCredentialException if it does not fit
   */
  public void check(DeviceCredential credential) {
    if (identityIsAsciiEndpoint) {
      checkEndpoint(credential);
    }
    int identityLength = credential.pskIdentity().toBytes().length;
    if (identityLength > maxIdentityLength) {
      throw refusal(
          IDENTITY_TOO_LONG, "PSK identities of at most " + maxIdentityLength, identityLength);
    }
    int keyLength = credential.psk().length();
    if (keyLength > maxKeyLength) {
      throw refusal(KEY_TOO_LONG, "keys of at most " + maxKeyLength, keyLength);
    }
    if (keyLength < minKeyLength) {
      throw refusal(KEY_TOO_SHORT, "keys of at least " + minKeyLength, keyLength);
    }
  }

  private void checkEndpoint(DeviceCredential credential) {
    String endpoint = credential.endpoint();
    if (!endpoint.chars().allMatch(c -> c < 0x80)) {
      throw new InvalidCredentialException(
          ENDPOINT_NOT_ASCII,
          name
              + " devices store only ASCII endpoints; '"
              + Printable.escape(endpoint)
              + "' has other characters");
    }
    if (endpoint.length() > maxIdentityLength) {
      throw refusal(
          ENDPOINT_TOO_LONG, "endpoints of at most " + maxIdentityLength, endpoint.length());
    }
    if (!endpoint.equals(credential.pskIdentity().asString())) {
      throw new InvalidCredentialException(
          IDENTITY_NOT_ENDPOINT,
          name
              + " devices use their endpoint as PSK identity; '"
              + Printable.escape(endpoint)
              + "' has the identity '"
              + credential.pskIdentity()
              + "'");
    }
  }

  private InvalidCredentialException refusal(Reason reason, String limit, int found) {
    return new InvalidCredentialException(
        reason, name + " devices store " + limit + " bytes; this one has " + found);
  }

  @Override
  public String toString() {
    return name;
  }
}
