// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.SavedSessionsException.Reason;
import io.github.lwm2mcreds.store.SessionLedger.Saved;
import io.github.lwm2mcreds.store.SessionLedger.Term;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a file of saved sessions says of itself, in clear and authenticated.
 *
 * <table>
 * <caption>Numbers are big endian</caption>
 * <tr><th scope="col">offset</th><th scope="col">size</th><th scope="col">content</th></tr>
 * <tr><td>0</td><td>20</td><td>{@code lwm2m-creds sessions}</td></tr>
 * <tr><td>20</td><td>1</td><td>format: 1, or 2 with a node</td></tr>
 * <tr><td>21</td><td>1</td><td>kind: 0 saved when the server had stopped, 1 while it ran</td></tr>
 * <tr><td>22</td><td>16</td><td>server</td></tr>
 * <tr><td>38</td><td>8</td><td>term</td></tr>
 * <tr><td>46</td><td>8</td><td>number of the file</td></tr>
 * <tr><td>54</td><td>8</td><td>the store's last change</td></tr>
 * <tr><td>62</td><td>32</td><td>hash of the store's history up to it</td></tr>
 * <tr><td>94</td><td>8</td><td>when it was saved, in milliseconds since 1970</td></tr>
 * <tr><td>102</td><td>1</td><td>format 2: number of the server among those of its cluster</td></tr>
 * <tr><td>then</td><td>1</td><td>length of the sealed key</td></tr>
 * <tr><td>then</td><td>65</td><td>the file's key, sealed by the store, bound to all above</td></tr>
 * </table>
 *
 * @param saved which file it is
 * @param isSnapshot whether the server went on after it was saved
 * @param time when it was saved
 * @param node which server of a cluster has saved it; empty for one that is in none
 */
record SessionFileHeader(Saved saved, boolean isSnapshot, Instant time, OptionalInt node) {
  private static final byte[] MAGIC = "lwm2m-creds sessions".getBytes(US_ASCII);
  private static final byte FORMAT = 1;
  private static final byte FORMAT_WITH_NODE = 2;
  private static final int FORMAT_AT = MAGIC.length;
  private static final int HASH_LENGTH = 32;

  /** What is in front of the sealed key's length, without a node. */
  static final int LENGTH = FORMAT_AT + 2 + 2 * Long.BYTES + 3 * Long.BYTES + HASH_LENGTH + 8;

  /** What the key is bound to. */
  byte[] toBytes() {
    UUID server = saved.term().server();
    ByteBuffer header = ByteBuffer.allocate(LENGTH + (node.isPresent() ? 1 : 0));
    header
        .put(MAGIC)
        .put(node.isPresent() ? FORMAT_WITH_NODE : FORMAT)
        .put((byte) (isSnapshot ? 1 : 0))
        .putLong(server.getMostSignificantBits())
        .putLong(server.getLeastSignificantBits())
        .putLong(saved.term().number())
        .putLong(saved.number())
        .putLong(saved.position().number())
        .put(saved.position().hash().toBytes())
        .putLong(time.toEpochMilli());
    node.ifPresent(id -> header.put((byte) id));
    return header.array();
  }

  /** The header with the key, which all else is bound to. */
  static byte[] withKey(byte[] header, byte[] sealedKey) {
    return ByteBuffer.allocate(header.length + 1 + sealedKey.length)
        .put(header)
        .put((byte) sealedKey.length)
        .put(sealedKey)
        .array();
  }

  /** Reads as many bytes as a header has, or all that there are. */
  static byte[] readBytes(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LENGTH);
    boolean hasNode = bytes.length == LENGTH && bytes[FORMAT_AT] == FORMAT_WITH_NODE;
    if (!hasNode) {
      return bytes;
    }
    byte[] node = in.readNBytes(1);
    return ByteBuffer.allocate(LENGTH + node.length).put(bytes).put(node).array();
  }

  /**
   * Reads a header; nothing of it is authenticated before the key was opened.
   *
   * @throws SavedSessionsException if it is none
   */
  static SessionFileHeader read(byte[] bytes) {
    boolean isOurs =
        bytes.length > FORMAT_AT && Arrays.equals(bytes, 0, FORMAT_AT, MAGIC, 0, FORMAT_AT);
    if (!isOurs) {
      throw new SavedSessionsException(Reason.NOT_SESSIONS, "it holds no saved sessions");
    }
    boolean hasNode = bytes[FORMAT_AT] == FORMAT_WITH_NODE;
    if (bytes[FORMAT_AT] != FORMAT && !hasNode) {
      throw new SavedSessionsException(
          Reason.NEWER_FORMAT,
          "it has format "
              + (bytes[FORMAT_AT] & 0xff)
              + "; this release knows formats up to "
              + FORMAT_WITH_NODE
              + ": use a newer one");
    }
    if (bytes.length < LENGTH + (hasNode ? 1 : 0)) {
      throw new SavedSessionsException(
          Reason.DAMAGED, "it ends at byte " + bytes.length + ", within its header");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, FORMAT_AT + 1, bytes.length - FORMAT_AT - 1);
    boolean isSnapshot = in.get() != 0;
    Term term = new Term(new UUID(in.getLong(), in.getLong()), in.getLong());
    long number = in.getLong();
    long change = in.getLong();
    byte[] hash = new byte[HASH_LENGTH];
    in.get(hash);
    Position position = new Position(change, HistoryHash.ofBytes(hash));
    Instant time = Instant.ofEpochMilli(in.getLong());
    OptionalInt node = hasNode ? OptionalInt.of(in.get() & 0xff) : OptionalInt.empty();
    return new SessionFileHeader(new Saved(term, number, position), isSnapshot, time, node);
  }

  /** Reads the sealed key, which follows the header. */
  static byte[] readKey(InputStream in) throws IOException {
    int length = in.read();
    byte[] key = in.readNBytes(Math.max(0, length));
    if (length < 1 || key.length < length) {
      throw new SavedSessionsException(Reason.DAMAGED, "it ends within its sealed key");
    }
    return key;
  }
}
