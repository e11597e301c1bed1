package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.PreSharedKey;

/**
 * How a device's key follows from a group key and the device's endpoint. Factory, server, and
 * whatever else computes it must agree on every byte; here they are, {@code ‖} joining them:
 *
 * <dl>
 *   <dt>{@linkplain #hkdfSha256 HKDF-SHA256}, RFC 5869
 *   <dd>IKM the group key; no salt; info {@code label ‖ 00 ‖ endpoint}; as many bytes of output as
 *       the key has. With OpenSSL: <br>
 *       {@code openssl kdf -keylen 16 -kdfopt digest:SHA256 -kdfopt hexkey:… -kdfopt hexinfo:…
 *       HKDF}
 *   <dt>{@linkplain #counterModeHmacSha256 SP 800-108r1 §4.1, counter mode, HMAC-SHA256}
 *   <dd>K<sub>IN</sub> the group key; the counter of 32 bits before the fixed input {@code label ‖
 *       00 ‖ endpoint ‖ L}, where L is the key's length in bits as four bytes, the highest first.
 *       With OpenSSL, which calls the label salt and the endpoint info: <br>
 *       {@code openssl kdf -keylen 16 -kdfopt mac:HMAC -kdfopt digest:SHA256 -kdfopt mode:COUNTER
 *       -kdfopt hexkey:… -kdfopt salt:… -kdfopt info:… KBKDF}
 *   <dt>{@linkplain #azureDps Azure DPS}
 *   <dd>HMAC-SHA256 over the endpoint under the group key; all 32 bytes.
 * </dl>
 *
 * <p>The label is ASCII and the endpoint UTF-8. Neither has a zero byte, so the one between them
 * keeps them apart: no two pairs of label and endpoint give the same input. The group key's version
 * is not part of it, as every version has bytes of its own.
 *
 * <p>A derivation holds settings only, and may be used by many threads. A caller who needs to
 * derive otherwise, as an existing fleet does, implements {@link #derive}.
 */
@FunctionalInterface
public interface KeyDerivation {
  /**
   * Derives the key of a device.
   *
   * @param groupKey the secret of the device's group
   * @param endpoint the device's LwM2M endpoint client name, one this derivation {@linkplain
   *     #accepts accepts}
   * @return the key, the caller's to destroy
   * @throws IllegalArgumentException if the endpoint is not accepted
   * @throws IllegalStateException if the group key was destroyed
   */
  PreSharedKey derive(GroupKey groupKey, String endpoint);

  /**
   * Tells whether an endpoint can have a key of this kind.
   *
   * @param endpoint any text
   * @return true, unless the derivation has rules of its own
   */
  default boolean accepts(String endpoint) {
    return true;
  }

  /**
   * Gives the derivation of 16-byte keys by HKDF-SHA256 (RFC 5869).
   *
   * @param label see {@link #hkdfSha256(String, int)}
   * @return the derivation
   * @throws IllegalArgumentException if the label is out of range
   */
  static KeyDerivation hkdfSha256(String label) {
    return hkdfSha256(label, KdfDerivation.DEFAULT_KEY_LENGTH);
  }

  /**
   * Gives the derivation by HKDF-SHA256 (RFC 5869).
   *
   * @param label what the keys are for, so that other uses of the group key give other keys: 1 to
   *     64 printable ASCII characters. HKDF begins a longer key with the bytes of a shorter one, so
   *     another length needs another label
   * @param keyLength of the device's key in bytes, 16 to 64
   * @return the derivation
   * @throws IllegalArgumentException if the label or the length is out of range
   */
  static KeyDerivation hkdfSha256(String label, int keyLength) {
    return new KdfDerivation(Kdf.HKDF_SHA256, label, keyLength);
  }

  /**
   * Gives the derivation of 16-byte keys by counter mode with HMAC-SHA256 (NIST SP 800-108r1 §4.1).
   *
   * @param label see {@link #counterModeHmacSha256(String, int)}
   * @return the derivation
   * @throws IllegalArgumentException if the label is out of range
   */
  static KeyDerivation counterModeHmacSha256(String label) {
    return counterModeHmacSha256(label, KdfDerivation.DEFAULT_KEY_LENGTH);
  }

  /**
   * Gives the derivation by counter mode with HMAC-SHA256 (NIST SP 800-108r1 §4.1).
   *
   * @param label what the keys are for, so that other uses of the group key give other keys: 1 to
   *     64 printable ASCII characters
   * @param keyLength of the device's key in bytes, 16 to 64
   * @return the derivation
   * @throws IllegalArgumentException if the label or the length is out of range
   */
  static KeyDerivation counterModeHmacSha256(String label, int keyLength) {
    return new KdfDerivation(Kdf.COUNTER_MODE_HMAC_SHA256, label, keyLength);
  }

  /**
   * Gives the derivation of 32-byte keys that the enrollment groups of Azure's Device Provisioning
   * Service have.
   *
   * <p>The endpoint is the registration id. Azure takes ids in either case for the same, and this
   * derivation only what both sides spell alike: 1 to 128 of {@code a}–{@code z}, {@code 0}–{@code
   * 9} and {@code -._:}, with a letter, a digit or {@code -} at the end. The group key is the
   * enrollment group's, decoded from Base64; its primary and its secondary key are two versions.
   *
   * @return the derivation
   */
  static KeyDerivation azureDps() {
    return AzureDps.INSTANCE;
  }
}
