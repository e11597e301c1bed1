// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes entries of format version 2 into the first page of an erased NVS partition. */
final class NvsPage {
  static final int SIZE = 0x1000;
  static final int ENTRY = 32;
  static final int BITMAP = 32;
  static final int FIRST_ENTRY = 64;
  static final int ENTRIES = 126;

  static final int ACTIVE = 0xfffffffe;
  static final int VERSION_1 = 0xff;
  static final int VERSION_2 = 0xfe;
  static final int U8 = 0x01;
  static final int STRING = 0x21;
  static final int BLOB_1 = 0x41;
  static final int BLOB_DATA = 0x42;
  static final int BLOB_INDEX = 0x48;

  private static final byte ANY_CHUNK = (byte) 0xff;
  private static final int NAMESPACE = 1;

  private final ByteBuffer page;
  private int next;

  NvsPage(byte[] image) {
    page = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    page.putInt(0, ACTIVE).putInt(4, 0).put(8, (byte) VERSION_2);
    page.putInt(28, crc(image, 4, 28));
  }

  void namespace(String name) {
    ByteBuffer entry = entry(0, U8, ANY_CHUNK, name);
    entry.put(24, (byte) NAMESPACE);
    finish(entry);
  }

  void string(String key, byte[] text) {
    data(entry(NAMESPACE, STRING, ANY_CHUNK, key), Arrays.copyOf(text, text.length + 1));
  }

  void blob(String key, byte[] bytes) {
    data(entry(NAMESPACE, BLOB_DATA, (byte) 0, key), bytes);
    ByteBuffer index = entry(NAMESPACE, BLOB_INDEX, ANY_CHUNK, key);
    index.putInt(24, bytes.length).put(28, (byte) 1).put(29, (byte) 0);
    finish(index);
  }

  private void data(ByteBuffer entry, byte[] data) {
    int length = (data.length + ENTRY - 1) / ENTRY;
    entry.put(2, (byte) (1 + length));
    entry.putShort(24, (short) data.length).putInt(28, crc(data, 0, data.length));
    finish(entry);
    page.put(FIRST_ENTRY + next * ENTRY, data);
    for (int i = 0; i < length; i++) {
      markWritten();
    }
  }

  private ByteBuffer entry(int namespace, int type, byte chunk, String key) {
    ByteBuffer entry = page.slice(FIRST_ENTRY + next * ENTRY, ENTRY);
    entry.order(ByteOrder.LITTLE_ENDIAN);
    entry.put((byte) namespace).put((byte) type).put((byte) 1).put(chunk);
    entry.put(8, new byte[16]).put(8, key.getBytes(US_ASCII));
    return entry;
  }

  private void finish(ByteBuffer entry) {
    entry.putInt(4, entryCrc(page.array(), FIRST_ENTRY + next * ENTRY));
    markWritten();
  }

  /** Sets the two bits of the next entry from 11, empty, to 10, written. */
  private void markWritten() {
    int at = BITMAP + next / 4;
    page.put(at, (byte) (page.get(at) & ~(1 << next % 4 * 2)));
    next++;
  }

  static int entryCrc(byte[] image, int at) {
    return ~update(update(0, image, at, at + 4), image, at + 8, at + ENTRY);
  }

  /** CRC-32 as ESP-IDF starts it: with a register of zeros, where zip starts with ones. */
  static int crc(byte[] bytes, int from, int to) {
    return ~update(0, bytes, from, to);
  }

  private static int update(int register, byte[] bytes, int from, int to) {
    int crc = register;
    for (int i = from; i < to; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ (0xedb88320 & -(crc & 1));
      }
    }
    return crc;
  }
}
