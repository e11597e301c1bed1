// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognises equal credentials without keeping their keys: half of HMAC-SHA256 over identity and
 * key under a secret that is made for one comparison and is gone with it.
 */
final class KeyTags {
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;

  /** What equal identities with equal keys have in common. */
  record Tag(long high, long low) {}

  KeyTags() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(
          SecretBytes.useAndWipe(secret, bytes -> new SecretKeySpec(bytes, ALGORITHM))); // a copy
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java runtime has no HmacSHA256, which every Java runtime must have", e);
    }
  }

  /** Returns the tag of a credential, whose key stays the caller's. */
  Tag of(PskIdentity identity, PreSharedKey key) {
    byte[] name = identity.toBytes();
    mac.update((byte) name.length); // at most 128, so that no other split gives the same
    mac.update(name);
    SecretBytes.useAndWipe(
        key.exposeBytes(),
        bytes -> {
          mac.update(bytes);
          return null;
        });
    ByteBuffer result = ByteBuffer.wrap(mac.doFinal());
    return new Tag(result.getLong(), result.getLong());
  }
}
