// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Finds devices that share a key, and endpoints with several keys, among any number of credentials
 * that are looked at one after the other. Whoever has one of the devices that share a key can
 * impersonate the others.
 *
 * <p>It keeps no keys, only hashes of them with a key of this object's own, and takes about 300
 * bytes of memory a credential. Not thread-safe.
 *
 * @param <P> what names the place of a credential, such as a file or a line
 */
public final class KeyReuse<P> {
  /**
   * A credential that was added before.
   *
   * @param endpoint its endpoint
   * @param checkValue the check value of its key
   * @param place where it was
   * @param <P> what names the place
   */
  public record Earlier<P>(String endpoint, KeyCheckValue checkValue, P place) {}

  /**
   * What is wrong with a credential besides those that were added before it.
   *
   * @param sameKey one of another endpoint that has the same key
   * @param otherKey one of the same endpoint that has another key
   * @param <P> what names the place
   */
  public record Clash<P>(Optional<Earlier<P>> sameKey, Optional<Earlier<P>> otherKey) {
    /**
     * Returns whether nothing is wrong.
     *
     * @return true if no credential clashes
     */
    public boolean isEmpty() {
      return sameKey.isEmpty() && otherKey.isEmpty();
    }
  }

  private record Seen<P>(String hash, Earlier<P> credential) {}

  private static final String ALGORITHM = "HmacSHA256";
  private static final int HASH_LENGTH = 16;

  private final Mac mac;
  private final Map<String, Seen<P>> byKey = new HashMap<>();
  private final Map<String, Seen<P>> byEndpoint = new HashMap<>();

  /** Creates an object that has seen no credential. */
  public KeyReuse() {
    byte[] own = new byte[32];
    new SecureRandom().nextBytes(own);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(own, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  /**
   * Compares a credential with those that were added before, and adds it.
   *
   * @param endpoint its endpoint
   * @param key its key; not kept
   * @param place where it is, for what comes later
   * @return the first credential of another endpoint with the same key, and the first one of the
   *     same endpoint if it has another key
   * @throws IllegalStateException if the key was destroyed
   */
  public Clash<P> add(String endpoint, PreSharedKey key, P place) {
    Seen<P> own = new Seen<>(hash(key), new Earlier<>(endpoint, key.checkValue(), place));
    Optional<Earlier<P>> sameKey =
        Optional.ofNullable(byKey.putIfAbsent(own.hash, own))
            .map(Seen::credential)
            .filter(earlier -> !earlier.endpoint().equals(endpoint));
    Optional<Earlier<P>> otherKey =
        Optional.ofNullable(byEndpoint.putIfAbsent(endpoint, own))
            .filter(earlier -> !earlier.hash.equals(own.hash))
            .map(Seen::credential);
    return new Clash<>(sameKey, otherKey);
  }

  private String hash(PreSharedKey key) {
    byte[] hash = SecretBytes.useAndWipe(key.exposeBytes(), mac::doFinal);
    return HexFormat.of().formatHex(Arrays.copyOf(hash, HASH_LENGTH));
  }
}
