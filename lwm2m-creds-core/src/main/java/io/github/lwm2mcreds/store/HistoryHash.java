// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What tells a store's history from every other: a hash over all changes up to one, in order. Two
 * stores, or two states of one, that have the same hash at a number had the same changes up to it.
 *
 * <p>Each change's hash is SHA-256 over the ASCII text {@code lwm2m-creds history 1}, the hash of
 * the change before, and the change: number and time (milliseconds since 1970) as 8 bytes, most
 * significant first, then actor, action, endpoint, PSK identity, check value and reason in UTF-8,
 * each behind its length as 4 bytes. For what is absent, the length is -1. Before the first change
 * there is a random value, made with the store.
 */
public final class HistoryHash {
  private static final int LENGTH = 32;
  private static final byte[] CONTEXT = "lwm2m-creds history 1".getBytes(UTF_8);
  private static final MessageDigest UNUSED_SHA_256 = newSha256();

  private final byte[] bytes;

  private HistoryHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Begins a new history.
   *
   * @return a random value, from which no other history begins
   */
  public static HistoryHash begin() {
    byte[] bytes = new byte[LENGTH];
    new SecureRandom().nextBytes(bytes);
    return new HistoryHash(bytes);
  }

  /**
   * Makes a hash of its bytes.
   *
   * @param bytes 32 bytes; copied
   * @return the hash
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static HistoryHash ofBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "a history's hash has " + LENGTH + " bytes, not " + bytes.length);
    }
    return new HistoryHash(bytes.clone());
  }

  /**
   * Reads a hash from text.
   *
   * @param hex as {@link #toString} writes it, in either case
   * @return the hash
   * @throws IllegalArgumentException if it is not 64 hex digits
   */
  public static HistoryHash parse(String hex) {
    return ofBytes(HexFormat.of().parseHex(hex));
  }

  /**
   * Returns the hash's bytes.
   *
   * @return 32 bytes, a copy
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Returns the hash of the history that goes on with a change; the change's own is not read. */
  HistoryHash followedBy(AuditEntry change) {
    byte[][] fields = {
      change.actor().getBytes(UTF_8),
      change.action().name().getBytes(UTF_8),
      change.endpoint().getBytes(UTF_8),
      change.pskIdentity().map(PskIdentity::toBytes).orElse(null),
      change.checkValue().map(value -> value.getBytes(UTF_8)).orElse(null),
      change.reason().getBytes(UTF_8)
    };
    int length = CONTEXT.length + LENGTH + 2 * Long.BYTES + fields.length * Integer.BYTES;
    for (byte[] field : fields) {
      length += field == null ? 0 : field.length;
    }
    ByteBuffer hashed = ByteBuffer.allocate(length);
    hashed.put(CONTEXT).put(bytes);
    hashed.putLong(change.number()).putLong(change.time().toEpochMilli());
    for (byte[] field : fields) {
      hashed.putInt(field == null ? -1 : field.length);
      if (field != null) {
        hashed.put(field);
      }
    }
    return new HistoryHash(sha256().digest(hashed.array()));
  }

  /**
   * Returns a copy of one that is never used: to look one up takes longer than to hash a change.
   */
  private static MessageDigest sha256() {
    try {
      return (MessageDigest) UNUSED_SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      return newSha256(); // a provider need not support it
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HistoryHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * Returns the hash as text.
   *
   * @return 64 lower-case hex digits
   */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
