// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.Arrays;

/**
 * Records of endpoint, identity and value, one after the other in large chunks.
 *
 * <p>A record is three length bytes, the endpoint, the identity unless it is the endpoint (length 0
 * then), and the value, aligned to four bytes. It is written once and named by a reference: chunk
 * number, and offset in units of four bytes; no record has reference 0. One writer appends; a
 * reader who got a reference by an acquiring read sees the whole record. Only the value is ever
 * overwritten, by {@link #retire}.
 */
final class Records {
  private static final int OFFSET_BITS = 18;
  private static final int UNIT = 4;
  private static final int MAX_CHUNK = UNIT << OFFSET_BITS;
  private static final int MIN_CHUNK = 1 << 12;
  private static final int MAX_CHUNKS = 1 << 32 - OFFSET_BITS;
  private static final int HEADER = 3;

  private volatile byte[][] chunks = new byte[4][];

  // Of the writer only.
  private int chunkCount;
  private int chunkUsed;
  private long liveBytes;
  private long deadBytes;

  int append(byte[] endpoint, byte[] identity, byte[] value) {
    boolean same = Arrays.equals(endpoint, identity);
    int length = HEADER + endpoint.length + (same ? 0 : identity.length) + value.length;
    int ref = allocate(align(length));
    byte[] chunk = chunk(ref);
    int at = offset(ref);
    chunk[at] = (byte) endpoint.length;
    chunk[at + 1] = (byte) (same ? 0 : identity.length);
    chunk[at + 2] = (byte) value.length;
    at += HEADER;
    System.arraycopy(endpoint, 0, chunk, at, endpoint.length);
    at += endpoint.length;
    if (!same) {
      System.arraycopy(identity, 0, chunk, at, identity.length);
      at += identity.length;
    }
    System.arraycopy(value, 0, chunk, at, value.length);
    liveBytes += align(length);
    return ref;
  }

  private int allocate(int length) {
    if (chunkCount == 0 || chunkUsed + length > chunks[chunkCount - 1].length) {
      addChunk();
    }
    int ref = chunkCount - 1 << OFFSET_BITS | chunkUsed / UNIT;
    chunkUsed += length;
    return ref;
  }

  private void addChunk() {
    if (chunkCount == MAX_CHUNKS) {
      throw new IllegalStateException("the store is full: it holds at most 16 GiB of credentials");
    }
    byte[] chunk = new byte[Math.min(MAX_CHUNK, MIN_CHUNK << Math.min(chunkCount, 8))];
    byte[][] all = chunkCount < chunks.length ? chunks : Arrays.copyOf(chunks, 2 * chunkCount);
    all[chunkCount] = chunk;
    chunks = all;
    chunkUsed = chunkCount == 0 ? UNIT : 0; // so that no record has reference 0
    chunkCount++;
  }

  private static int align(int length) {
    return length + UNIT - 1 & -UNIT;
  }

  /** Wipes a record's value; the caller has made sure that nobody is led to it any more. */
  void retire(int ref) {
    wipeValue(ref);
    int length = align(valueOffset(ref) + valueLength(ref) - offset(ref));
    liveBytes -= length;
    deadBytes += length;
  }

  void wipeValue(int ref) {
    int from = valueOffset(ref);
    Arrays.fill(chunk(ref), from, from + valueLength(ref), (byte) 0);
  }

  /** Whether more is dead than live, so that copying what is live pays. */
  boolean isWasteful() {
    return deadBytes > liveBytes + MAX_CHUNK;
  }

  boolean hasEndpoint(int ref, byte[] endpoint) {
    int offset = offset(ref);
    return equals(chunk(ref), offset + HEADER, chunk(ref)[offset] & 0xff, endpoint);
  }

  boolean hasIdentity(int ref, byte[] identity) {
    byte[] chunk = chunk(ref);
    int offset = offset(ref);
    int length = chunk[offset + 1] & 0xff;
    return length == 0
        ? hasEndpoint(ref, identity)
        : equals(chunk, offset + HEADER + (chunk[offset] & 0xff), length, identity);
  }

  private static boolean equals(byte[] chunk, int from, int length, byte[] key) {
    return length == key.length && Arrays.equals(chunk, from, from + length, key, 0, length);
  }

  byte[] endpoint(int ref) {
    byte[] chunk = chunk(ref);
    int from = offset(ref) + HEADER;
    return Arrays.copyOfRange(chunk, from, from + (chunk[from - HEADER] & 0xff));
  }

  byte[] identity(int ref) {
    byte[] chunk = chunk(ref);
    int offset = offset(ref);
    int length = chunk[offset + 1] & 0xff;
    int from = offset + HEADER + (chunk[offset] & 0xff);
    return length == 0 ? endpoint(ref) : Arrays.copyOfRange(chunk, from, from + length);
  }

  byte[] value(int ref) {
    int from = valueOffset(ref);
    return Arrays.copyOfRange(chunk(ref), from, from + valueLength(ref));
  }

  private int valueLength(int ref) {
    return chunk(ref)[offset(ref) + 2] & 0xff;
  }

  private int valueOffset(int ref) {
    byte[] chunk = chunk(ref);
    int offset = offset(ref);
    return offset + HEADER + (chunk[offset] & 0xff) + (chunk[offset + 1] & 0xff);
  }

  private byte[] chunk(int ref) {
    return chunks[ref >>> OFFSET_BITS];
  }

  private static int offset(int ref) {
    return (ref & (1 << OFFSET_BITS) - 1) * UNIT;
  }
}
