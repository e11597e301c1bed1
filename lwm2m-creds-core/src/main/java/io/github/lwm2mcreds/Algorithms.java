// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;

/**
 * SHA-256 and HMAC-SHA256, which every Java runtime has. They are copies of one that was never
 * used: to look one up at the providers takes longer than to hash a key.
 */
final class Algorithms {
  static final String HMAC_SHA256 = "HmacSHA256";

  private static final MessageDigest UNUSED_SHA_256 = newSha256();
  private static final Mac UNUSED_HMAC = newHmacSha256();

  private Algorithms() {}

  static MessageDigest sha256() {
    try {
      return (MessageDigest) UNUSED_SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      return newSha256(); // a provider need not support it
    }
  }

  /** Returns one that has no key yet. */
  static Mac hmacSha256() {
    try {
      return (Mac) UNUSED_HMAC.clone();
    } catch (CloneNotSupportedException e) {
      return newHmacSha256();
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no SHA-256, which every Java runtime must have", e);
    }
  }

  private static Mac newHmacSha256() {
    try {
      return Mac.getInstance(HMAC_SHA256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no HmacSHA256, which every Java runtime must have", e);
    }
  }
}
