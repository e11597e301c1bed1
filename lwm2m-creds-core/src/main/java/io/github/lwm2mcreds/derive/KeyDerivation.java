// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.PreSharedKey;

/**
 * Derives a device's key from a group key and the device's endpoint. The factory and the servers
 * must use the same bytes, which are defined here ({@code ‖} concatenates):
 *
 * <dl>
 *   <dt>{@linkplain #hkdfSha256 HKDF-SHA256}, RFC 5869
 *   <dd>The IKM is the group key, there is no salt, the info is {@code label ‖ 00 ‖ endpoint}, and
 *       the output is as long as the key. With OpenSSL: <br>
 *       {@code openssl kdf -keylen 16 -kdfopt digest:SHA256 -kdfopt hexkey:… -kdfopt hexinfo:…
 *       HKDF}
 *   <dt>{@linkplain #counterModeHmacSha256 SP 800-108r1 §4.1, counter mode, HMAC-SHA256}
 *   <dd>K<sub>IN</sub> is the group key. A 32-bit counter precedes the fixed input {@code label ‖
 *       00 ‖ endpoint ‖ L}, where L is the key's length in bits as four bytes, big-endian. With
 *       OpenSSL, which calls the label salt and the endpoint info: <br>
 *       {@code openssl kdf -keylen 16 -kdfopt mac:HMAC -kdfopt digest:SHA256 -kdfopt mode:COUNTER
 *       -kdfopt hexkey:… -kdfopt salt:… -kdfopt info:… KBKDF}
 *   <dt>{@linkplain #azureDps Azure DPS}
 *   <dd>HMAC-SHA256 over the endpoint with the group key; all 32 bytes.
 * </dl>
 *
 * <p>The label is ASCII and the endpoint UTF-8. Neither contains a zero byte, so the one between
 * them separates them: different pairs of label and endpoint have different inputs. The version of
 * the group key is not part of the input because every version has its own bytes.
 *
 * <p>A derivation holds only settings and is safe for use by many threads. To derive keys in
 * another way, for example as an existing fleet does, implement {@link #derive}.
 */
@FunctionalInterface
public interface KeyDerivation {
  /**
   * Derives the key of a device.
   *
   * @param groupKey the secret of the device's group
   * @param endpoint the device's LwM2M endpoint client name, which this derivation {@linkplain
   *     #accepts accepts}
   * @return the key, which the caller destroys
   * @throws IllegalArgumentException if the endpoint is not accepted
   * @throws IllegalStateException if the group key was destroyed
   */
  PreSharedKey derive(GroupKey groupKey, String endpoint);

  /**
   * Returns whether a key can be derived for an endpoint.
   *
   * @param endpoint any text
   * @return true, unless the derivation has its own rules
   */
  default boolean accepts(String endpoint) {
    return true;
  }

  /**
   * Returns the derivation of 16-byte keys by HKDF-SHA256 (RFC 5869).
   *
   * @param label see {@link #hkdfSha256(String, int)}
   * @return the derivation
   * @throws IllegalArgumentException if the label is out of range
   */
  static KeyDerivation hkdfSha256(String label) {
    return hkdfSha256(label, KdfDerivation.DEFAULT_KEY_LENGTH);
  }

  /**
   * Returns the derivation by HKDF-SHA256 (RFC 5869).
   *
   * @param label the purpose of the keys, so that other uses of the group key have other keys: 1 to
   *     64 printable ASCII characters. In HKDF a longer key begins with the bytes of a shorter one,
   *     so each length needs its own label
   * @param keyLength the length of the device's key in bytes, 16 to 64
   * @return the derivation
   * @throws IllegalArgumentException if the label or the length is out of range
   */
  static KeyDerivation hkdfSha256(String label, int keyLength) {
    return new KdfDerivation(Kdf.HKDF_SHA256, label, keyLength);
  }

  /**
   * Returns the derivation of 16-byte keys by counter mode with HMAC-SHA256 (NIST SP 800-108r1
   * §4.1).
   *
   * @param label see {@link #counterModeHmacSha256(String, int)}
   * @return the derivation
   * @throws IllegalArgumentException if the label is out of range
   */
  static KeyDerivation counterModeHmacSha256(String label) {
    return counterModeHmacSha256(label, KdfDerivation.DEFAULT_KEY_LENGTH);
  }

  /**
   * Returns the derivation by counter mode with HMAC-SHA256 (NIST SP 800-108r1 §4.1).
   *
   * @param label the purpose of the keys, so that other uses of the group key have other keys: 1 to
   *     64 printable ASCII characters
   * @param keyLength the length of the device's key in bytes, 16 to 64
   * @return the derivation
   * @throws IllegalArgumentException if the label or the length is out of range
   */
  static KeyDerivation counterModeHmacSha256(String label, int keyLength) {
    return new KdfDerivation(Kdf.COUNTER_MODE_HMAC_SHA256, label, keyLength);
  }

  /**
   * Returns the derivation of 32-byte keys that the enrollment groups of Azure's Device
   * Provisioning Service use.
   *
   * <p>The endpoint is the registration id. Azure ignores the case of ids, so this derivation
   * accepts only lower case: 1 to 128 of {@code a}–{@code z}, {@code 0}–{@code 9} and {@code -._:},
   * ending in a letter, a digit or {@code -}. The group key is the enrollment group's key, decoded
   * from Base64; its primary and secondary keys are two versions.
   *
   * @return the derivation
   */
  static KeyDerivation azureDps() {
    return AzureDps.INSTANCE;
  }
}
