// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.SecretBytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds keys that are equal, or one more than another, among millions. It keeps 64 bits of salted
 * hashes, never keys: 24 bytes a credential besides its endpoint's name. Among 10⁶ it takes
 * different keys for related ones with a probability below 10⁻⁶.
 */
final class KeyRelations {
  private static final int FIELDS = 3; // of an entry: the hashes of a key and its two successors

  private final MessageDigest sha256;
  private final byte[] salt = new byte[32];
  private final List<String> endpoints = new ArrayList<>();
  private long[] hashes = new long[FIELDS << 8];

  KeyRelations() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
    new SecureRandom().nextBytes(salt);
  }

  void add(String endpoint, byte[] key) {
    int at = FIELDS * endpoints.size();
    if (at == hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.multiplyExact(2, at));
    }
    hashes[at] = hash(key);
    hashes[at + 1] = SecretBytes.useAndWipe(successor(key, key.length - 1, -1), this::hash);
    hashes[at + 2] = SecretBytes.useAndWipe(successor(key, 0, 1), this::hash);
    endpoints.add(endpoint);
  }

  private long hash(byte[] bytes) {
    sha256.update(salt);
    return ByteBuffer.wrap(sha256.digest(bytes)).getLong();
  }

  /** Returns the key as a number plus one, whose lowest byte is at one of its ends. */
  private static byte[] successor(byte[] key, int lowest, int direction) {
    byte[] next = key.clone();
    for (int i = lowest; i >= 0 && i < next.length; i += direction) {
      if (++next[i] != 0) {
        break;
      }
    }
    return next;
  }

  /** Returns the endpoints whose key another endpoint has, too. */
  List<String> sharing() {
    Map<Long, String> firstOf = new HashMap<>(2 * endpoints.size());
    Set<String> sharing = new TreeSet<>();
    for (int i = 0; i < endpoints.size(); i++) {
      String other = firstOf.putIfAbsent(hashes[FIELDS * i], endpoints.get(i));
      if (other != null && !other.equals(endpoints.get(i))) {
        sharing.add(other);
        sharing.add(endpoints.get(i));
      }
    }
    return List.copyOf(sharing);
  }

  /** Returns the endpoints whose key is that of another endpoint plus one. */
  List<String> counting() {
    Map<Long, String> owners = new HashMap<>(2 * endpoints.size());
    for (int i = 0; i < endpoints.size(); i++) {
      owners.put(hashes[FIELDS * i], endpoints.get(i));
    }
    Set<String> counting = new TreeSet<>();
    for (int i = 0; i < endpoints.size(); i++) {
      for (int field = 1; field < FIELDS; field++) {
        String next = owners.get(hashes[FIELDS * i + field]);
        if (next != null && !next.equals(endpoints.get(i))) {
          counting.add(endpoints.get(i));
          counting.add(next);
        }
      }
    }
    return List.copyOf(counting);
  }
}
