// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.SecretBytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Finds credentials that share a key, and endpoints with several credentials, among millions. It
 * does what {@link io.github.lwm2mcreds.KeyReuse} does for as many as a person looks at, in 50 to
 * 70 bytes each: it keeps 64 bits of salted hashes, and the place of a credential as a number.
 * Among 10⁶ it takes another key for one of them with a probability below 10⁻⁷. Not thread-safe.
 */
public final class SeenKeys {
  /**
   * What is wrong with a credential besides those that were added before it.
   *
   * @param sameKey the place of one of another endpoint that has the same key
   * @param otherCredential the place of one of the same endpoint that has another key or identity
   */
  public record Clash(OptionalLong sameKey, OptionalLong otherCredential) {}

  private static final int FIELDS = 4; // of an entry: the hashes below, and the place
  private static final int ENDPOINT = 0;
  private static final int KEY = 1;
  private static final int CREDENTIAL = 2;
  private static final int PLACE = 3;
  private static final int FIRST_ENTRIES = 1 << 8;

  private final MessageDigest sha256;
  private final byte[] salt = new byte[32];
  private long[] entries = new long[FIELDS * FIRST_ENTRIES];
  private int[] byEndpoint = new int[2 * FIRST_ENTRIES]; // numbers of entries, from 1
  private int[] byKey = new int[2 * FIRST_ENTRIES];
  private int size;

  /** Creates an object that has seen no credential. */
  public SeenKeys() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no SHA-256, which every Java runtime must have", e);
    }
    new SecureRandom().nextBytes(salt);
  }

  /**
   * Compares a credential with those that were added before, and adds it.
   *
   * @param credential stays the caller's; its key is not kept
   * @param place where it is, for what comes later
   * @return the places of the first ones that clash
   */
  public Clash add(DeviceCredential credential, long place) {
    makeRoom();
    int at = FIELDS * size;
    entries[at + ENDPOINT] = hash(credential.endpoint().getBytes(UTF_8));
    entries[at + KEY] = hash(credential.psk());
    entries[at + CREDENTIAL] =
        entries[at + KEY] ^ Long.rotateLeft(hash(credential.pskIdentity().toBytes()), 1);
    entries[at + PLACE] = place;
    int sameKey = insert(byKey, KEY);
    int sameEndpoint = insert(byEndpoint, ENDPOINT);
    size++;
    return new Clash(differing(sameKey, at, ENDPOINT), differing(sameEndpoint, at, CREDENTIAL));
  }

  /**
   * Returns what stands for a key in this object, the same for the same key.
   *
   * @param key not kept
   * @return 64 bits of a salted hash
   */
  public long hash(PreSharedKey key) {
    return SecretBytes.useAndWipe(key.exposeBytes(), this::hash);
  }

  private long hash(byte[] bytes) {
    sha256.update(salt);
    return ByteBuffer.wrap(sha256.digest(bytes)).getLong();
  }

  /** Returns the place of an earlier entry if it differs from the newest one in a field. */
  private OptionalLong differing(int number, int newest, int field) {
    int at = FIELDS * (number - 1);
    return number == 0 || entries[at + field] == entries[newest + field]
        ? OptionalLong.empty()
        : OptionalLong.of(entries[at + PLACE]);
  }

  /** Makes the newest entry found by a field unless an earlier one is; returns that one, or 0. */
  private int insert(int[] table, int field) {
    int slot = slot(table, field, entries[FIELDS * size + field]);
    int earlier = table[slot];
    if (earlier == 0) {
      table[slot] = size + 1;
    }
    return earlier;
  }

  private int slot(int[] table, int field, long hash) {
    int slot = (int) hash & table.length - 1;
    while (table[slot] != 0 && entries[FIELDS * (table[slot] - 1) + field] != hash) {
      slot = slot + 1 & table.length - 1;
    }
    return slot;
  }

  private void makeRoom() {
    if (FIELDS * size == entries.length) {
      int more = Math.addExact(size, size / 2);
      entries = Arrays.copyOf(entries, Math.multiplyExact(FIELDS, more));
    }
    if (size > byKey.length / 4 * 3) {
      byKey = grown(byKey, KEY);
      byEndpoint = grown(byEndpoint, ENDPOINT);
    }
  }

  private int[] grown(int[] table, int field) {
    int[] larger = new int[2 * table.length];
    for (int number : table) {
      if (number != 0) {
        larger[slot(larger, field, entries[FIELDS * (number - 1) + field])] = number;
      }
    }
    return larger;
  }
}
