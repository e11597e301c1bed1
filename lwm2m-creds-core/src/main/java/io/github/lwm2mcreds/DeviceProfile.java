// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the DTLS stack or firmware of a device takes as PSK identity and key. It refuses a
 * credential that does not fit, before it is flashed.
 *
 * <p>The profiles are those of default builds. {@code FORMATS.md} says how each limit is known, and
 * what a stack does with one byte more: some refuse it, and others send another identity than the
 * one they were given.
 */
public final class DeviceProfile {
  /**
   * dm-lwm2m firmware: an ASCII endpoint of at most 32 characters, which is also the identity, and
   * a key of 16 bytes.
   */
  public static final DeviceProfile DM_LWM2M =
      new DeviceProfile("dm-lwm2m", 32, true, 16, 16, "its credential partition");

  /** tinydtls: identities of up to 32 bytes and keys of up to 16. */
  public static final DeviceProfile TINYDTLS =
      new DeviceProfile(
          "tinydtls", 32, 16, "DTLS_PSK_MAX_CLIENT_IDENTITY_LEN and DTLS_PSK_MAX_KEY_LEN");

  /** libcoap over tinydtls: as tinydtls, but what is too long is cut off and not refused. */
  public static final DeviceProfile LIBCOAP_TINYDTLS =
      new DeviceProfile("libcoap-tinydtls", 32, 16, "tinydtls, for which libcoap cuts it off");

  /** libcoap over OpenSSL: as OpenSSL, but what is too long is cut off and not refused. */
  public static final DeviceProfile LIBCOAP_OPENSSL =
      endingAtNul("libcoap-openssl", 255, 512, "OpenSSL, for which libcoap cuts it off");

  /** Mbed TLS 2: keys of up to 32 bytes. */
  public static final DeviceProfile MBEDTLS_2 =
      new DeviceProfile("mbedtls-2", 16370, 32, "MBEDTLS_PSK_MAX_LEN");

  /** Mbed TLS 3 without TLS 1.3, as most devices have it: keys of up to 32 bytes. */
  public static final DeviceProfile MBEDTLS_3 =
      new DeviceProfile("mbedtls-3", 16370, 32, "MBEDTLS_PSK_MAX_LEN without TLS 1.3");

  /** Mbed TLS 3 as it is built without a configuration, with TLS 1.3: keys of up to 48 bytes. */
  public static final DeviceProfile MBEDTLS_3_TLS13 =
      new DeviceProfile("mbedtls-3-tls13", 16370, 48, "MBEDTLS_PSK_MAX_LEN with TLS 1.3");

  /** Nordic's nrf_security, which builds Mbed TLS 3: keys of up to 32 bytes. */
  public static final DeviceProfile NRF_SECURITY =
      new DeviceProfile(
          "nrf-security", 16370, 32, "MBEDTLS_PSK_MAX_LEN, which its Kconfig does not reach");

  /** Zephyr's TLS sockets: keys of up to 32 bytes. */
  public static final DeviceProfile ZEPHYR_TLS =
      new DeviceProfile("zephyr-tls", 1486, 32, "CONFIG_MBEDTLS_PSK_MAX_LEN by default");

  /** OpenSSL: identities of up to 255 bytes without NUL, keys of up to 512. */
  public static final DeviceProfile OPENSSL =
      endingAtNul("openssl", 255, 512, "PSK_MAX_IDENTITY_LEN and PSK_MAX_PSK_LEN");

  /** GnuTLS: identities without NUL; its limits are far above those of any credential. */
  public static final DeviceProfile GNUTLS =
      endingAtNul("gnutls", 32769, 65534, "gnutls_psk_set_client_credentials");

  /** wolfSSL: identities of up to 128 bytes without NUL, keys of up to 64. */
  public static final DeviceProfile WOLFSSL =
      endingAtNul("wolfssl", 128, 64, "MAX_PSK_ID_LEN and MAX_PSK_KEY_LEN");

  private static final int MBEDTLS_KEY = 32;
  private static final int ZEPHYR_DEFAULT_SIZE = 16;

  private static final Pattern ZEPHYR = Pattern.compile("zephyr(?::([0-9]{1,3}))?");
  private static final List<DeviceProfile> FIXED =
      List.of(
          DM_LWM2M,
          TINYDTLS,
          LIBCOAP_TINYDTLS,
          LIBCOAP_OPENSSL,
          MBEDTLS_2,
          MBEDTLS_3,
          MBEDTLS_3_TLS13,
          NRF_SECURITY,
          ZEPHYR_TLS,
          OPENSSL,
          GNUTLS,
          WOLFSSL);

  private final String name;
  private final int maxIdentityLength;
  private final boolean identityEndsAtNul;
  private final int minKeyLength;
  private final int maxKeyLength;
  private final String source;

  private DeviceProfile(String name, int maxIdentityLength, int maxKeyLength, String source) {
    this(name, maxIdentityLength, false, 1, maxKeyLength, source);
  }

  private DeviceProfile(
      String name,
      int maxIdentityLength,
      boolean identityEndsAtNul,
      int minKeyLength,
      int maxKeyLength,
      String source) {
    this.name = name;
    this.maxIdentityLength = maxIdentityLength;
    this.identityEndsAtNul = identityEndsAtNul;
    this.minKeyLength = minKeyLength;
    this.maxKeyLength = maxKeyLength;
    this.source = source;
  }

  private static DeviceProfile endingAtNul(
      String name, int maxIdentityLength, int maxKeyLength, String source) {
    return new DeviceProfile(name, maxIdentityLength, true, 1, maxKeyLength, source);
  }

  /**
   * Returns the profile of Zephyr's LwM2M client. Its DTLS is Mbed TLS with keys of up to 32 bytes,
   * however large the client's own buffer for them is.
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
    return new DeviceProfile(
        "zephyr:" + securityKeySize,
        securityKeySize,
        Math.min(securityKeySize, MBEDTLS_KEY),
        securityKeySize <= MBEDTLS_KEY
            ? "CONFIG_LWM2M_SECURITY_KEY_SIZE"
            : "CONFIG_LWM2M_SECURITY_KEY_SIZE and CONFIG_MBEDTLS_PSK_MAX_LEN");
  }

  /**
   * Returns the names of the profiles that {@link #named} finds.
   *
   * @return the names; the last one, {@code zephyr:SIZE}, stands for those of {@link #zephyr}
   */
  public static List<String> names() {
    return Stream.concat(FIXED.stream().map(DeviceProfile::name), Stream.of("zephyr:SIZE"))
        .toList();
  }

  /**
   * Returns a profile by its name.
   *
   * @param name one of {@link #names}, with a number for SIZE; {@code zephyr} is that of Zephyr's
   *     default, 16
   * @return the profile
   * @throws IllegalArgumentException if no profile has the name; the message lists all names
   */
  public static DeviceProfile named(String name) {
    Matcher zephyr = ZEPHYR.matcher(name);
    if (zephyr.matches()) {
      String size = zephyr.group(1);
      return zephyr(size == null ? ZEPHYR_DEFAULT_SIZE : Integer.parseInt(size));
    }
    return FIXED.stream()
        .filter(profile -> profile.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + Printable.escape(name)
                        + "' is not a device stack; the stacks are "
                        + String.join(", ", names())));
  }

  /**
   * Returns the name of the stack or firmware.
   *
   * @return lower-case letters, digits, hyphens and a colon
   */
  public String name() {
    return name;
  }

  /**
   * Returns the length of the longest PSK identity that the device takes.
   *
   * @return bytes; more than 128 where the device takes more than any credential has
   */
  public int maxIdentityLength() {
    return maxIdentityLength;
  }

  /**
   * Returns whether the device sends a PSK identity only up to its first NUL.
   *
   * @return true if an identity with a NUL is refused
   */
  public boolean identityEndsAtNul() {
    return identityEndsAtNul;
  }

  /**
   * Returns the length of the shortest key that the device takes.
   *
   * @return bytes
   */
  public int minKeyLength() {
    return minKeyLength;
  }

  /**
   * Returns the length of the longest key that the device takes.
   *
   * @return bytes; more than 64 where the device takes more than any credential has
   */
  public int maxKeyLength() {
    return maxKeyLength;
  }

  /**
   * Returns where the limits are set, such as the name of a constant in the stack's source.
   *
   * @return words for people
   */
  public String source() {
    return source;
  }

  /**
   * Checks that the device takes a credential as it is.
   *
   * @param credential the credential to check
   * @throws InvalidCredentialException if it does not fit; the message has the limit, where it is
   *     set, and what was found
   */
  public void check(DeviceCredential credential) {
    if (this == DM_LWM2M) {
      ProfileCheck.endpoint(this, credential);
    }
    ProfileCheck.identity(this, credential.pskIdentity());
    ProfileCheck.key(this, credential.psk());
  }

  @Override
  public String toString() {
    return name;
  }
}
