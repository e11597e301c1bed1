// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

/**
 * What a refused device seems to do wrong, for its operator. A key is never part of it.
 *
 * <p>That a device uses a certain wrong key is found by trying that key on a record it sent, so it
 * is certain. Which device was meant by an unknown identity is a guess, unless its key fits.
 *
 * @param mistake what it does
 * @param detail which part, whose key or which identity; ends the sentence of the mistake; escaped
 *     for people and logs, and may be empty
 */
public record Diagnosis(Mistake mistake, String detail) {
  /** A mistake in the making of devices, or in moving keys between tools. */
  public enum Mistake {
    /** The key is the ASCII text of the right key's hex digits. */
    HEX_AS_TEXT("use the key's hex digits as text", "it has to decode them"),
    /** The right key is a text of hex digits, which the device decodes. */
    TEXT_AS_HEX("decode the key as hex digits", "the server's key is the digits as text"),
    /** The key is the ASCII text of the right key in Base64. */
    BASE64_AS_TEXT("use the key's Base64 as text", "it has to decode it"),
    /** The right key is a text in Base64, which the device decodes. */
    TEXT_AS_BASE64("decode the key as Base64", "the server's key is the text itself"),
    /** The key is a text in upper case where the right one is in lower case, or the other way. */
    KEY_IN_OTHER_CASE("use the key's text in another case", "they have to be the same bytes"),
    /** The key is the right one and a line end, a NUL or several behind it. */
    KEY_WITH_MORE("use the key", "take off what is behind the key"),
    /** The key is a part of the right one. */
    KEY_CUT("use a part of the key:", "look for a short buffer, or for a copy that ends at a NUL"),
    /** The key is the right one, its last byte first. */
    KEY_REVERSED("use the key's bytes in reverse order", "swap them where the key is written"),
    /** The key is the one that is built into dm-lwm2m firmware and known to everyone. */
    BUILT_IN_KEY("use its firmware's built-in key", "flash its credential partition"),
    /** The endpoint is rotating, and the key belongs to its other identity. */
    OTHER_KEY_OF_ROTATION("use the key of", "identity and key of a rotation change together"),
    /** The key is another device's, with a name that is near in number. */
    KEY_OF_OTHER_DEVICE("use the key of", "the two may have been mixed up"),
    /** The identity is a known one but for blanks, line ends, NULs or quotes. */
    IDENTITY_WITH_MORE("mean", "look for blanks, line ends, NULs or quotes in the identity"),
    /** The identity is a known one but for upper and lower case. */
    IDENTITY_IN_OTHER_CASE("mean", "upper and lower case differ"),
    /** The identity is a known one in another Unicode normalization. */
    IDENTITY_IN_OTHER_FORM("mean", "the same letters are other bytes in another Unicode form"),
    /** The identity is the name of an endpoint that has another identity now. */
    ENDPOINT_AS_IDENTITY("use its endpoint as its identity, which is", ""),
    /** The identity is the name of an endpoint that was revoked. */
    REVOKED("use a credential that was revoked", "");

    private final String seems;
    private final String advice;

    Mistake(String seems, String advice) {
      this.seems = seems;
      this.advice = advice;
    }
  }

  /** What the device does, as what follows "seems to". */
  String seems() {
    return detail.isEmpty() ? mistake.seems : mistake.seems + " " + detail;
  }

  /**
   * Returns the diagnosis in words.
   *
   * @return such as "the device seems to use the key's hex digits as text (it has to decode them)"
   */
  public String text() {
    return "the device seems to "
        + seems()
        + (mistake.advice.isEmpty() ? "" : " (" + mistake.advice + ")");
  }
}
