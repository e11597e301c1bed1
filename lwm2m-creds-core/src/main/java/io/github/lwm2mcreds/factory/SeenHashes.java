// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * A set of byte strings of which only 64 bits of a salted hash are kept: 11 to 22 bytes each, 32
 * while it grows. It never misses a string that is in it; among 10⁶ it takes another one for one of
 * them with a probability below 10⁻⁷ for 10⁶ questions.
 */
final class SeenHashes {
  private static final int FIRST_CAPACITY = 1 << 10;

  private final MessageDigest sha256;
  private final byte[] salt = new byte[16];
  private long[] slots = new long[FIRST_CAPACITY]; // 0 is empty
  private int size;

  SeenHashes() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no SHA-256, which every Java runtime must have", e);
    }
    new SecureRandom().nextBytes(salt);
  }

  /** Adds a string; returns false if it is in the set already. */
  boolean add(byte[] string) {
    if (size >= slots.length / 4 * 3) {
      grow();
    }
    long hash = hash(string);
    int index = find(hash);
    if (slots[index] != 0) {
      return false;
    }
    slots[index] = hash;
    size++;
    return true;
  }

  boolean contains(byte[] string) {
    return size > 0 && slots[find(hash(string))] != 0;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (long hash : old) {
      if (hash != 0) {
        slots[find(hash)] = hash;
      }
    }
  }

  /** Returns the index of a hash, or of the slot that is free for it. */
  private int find(long hash) {
    int index = (int) hash & slots.length - 1;
    while (slots[index] != 0 && slots[index] != hash) {
      index = index + 1 & slots.length - 1;
    }
    return index;
  }

  private long hash(byte[] string) {
    sha256.update(salt);
    long hash = ByteBuffer.wrap(sha256.digest(string)).getLong();
    return hash == 0 ? 1 : hash;
  }
}
