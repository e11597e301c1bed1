// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes the entries of a zip file, with the extensions for large ones (APPNOTE 6.3.10, ZIP64). The
 * JDK keeps an object for each entry until the end; here the central directory waits in a file, so
 * that memory does not grow. The same entries give the same bytes.
 */
final class ZipEntries implements Closeable {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final short VERSION = 45;
  private static final short MADE_ON_UNIX = 3 << 8 | VERSION;
  private static final int FIRST_OF_1980 = 1 << 21 | 1 << 16; // year, month, day; midnight
  private static final int OWNER_ONLY = 0100600 << 16;
  private static final long MAX_32 = 0xffffffffL;
  private static final int MAX_16 = 0xffff;
  private static final int LARGE = 1 << 10; // what is smaller does not shrink, being random
  private static final int BUFFER = 1 << 16;

  private final OutputStream out;
  private final Path directory;
  private final OutputStream names;
  private final CRC32 crc = new CRC32();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final ByteBuffer header = ByteBuffer.allocate(1 << 11).order(ByteOrder.LITTLE_ENDIAN);
  private byte[] deflated = new byte[BUFFER];
  private long position;
  private long count;

  /**
   * Begins.
   *
   * @param directory a file to be made for the central directory, for the caller to delete
   */
  ZipEntries(OutputStream out, Path directory) throws IOException {
    this.out = out;
    this.directory = directory;
    Files.deleteIfExists(directory);
    Files.createFile(directory, PrivateFiles.ownerOnly());
    this.names = new BufferedOutputStream(Files.newOutputStream(directory), BUFFER);
  }

  /** Adds an entry whose name is ASCII and is not there yet. */
  void add(String name, byte[] content) throws IOException {
    byte[] ascii = name.getBytes(US_ASCII);
    crc.reset();
    crc.update(content);
    boolean isLarge = content.length > LARGE;
    byte[] data = content;
    int length = content.length;
    if (isLarge) {
      length = deflate(content);
      data = deflated;
    }
    long start = position;
    header.clear().putInt(LOCAL).putShort(VERSION);
    common(isLarge, length, content.length, ascii.length);
    header.putShort((short) 0).put(ascii);
    write(header.array(), header.position());
    write(data, length);
    Arrays.fill(deflated, 0, isLarge ? length : 0, (byte) 0);
    central(ascii, isLarge, length, content.length, start);
    count++;
  }

  /** Puts what the two headers of an entry have in common. */
  private void common(boolean isDeflated, int length, int originalLength, int nameLength) {
    header
        .putShort((short) 0)
        .putShort((short) (isDeflated ? 8 : 0))
        .putInt(FIRST_OF_1980)
        .putInt((int) crc.getValue())
        .putInt(length)
        .putInt(originalLength)
        .putShort((short) nameLength);
  }

  private void central(byte[] name, boolean isDeflated, int length, int original, long start)
      throws IOException {
    boolean isFar = start >= MAX_32;
    header.clear().putInt(CENTRAL).putShort(MADE_ON_UNIX).putShort(VERSION);
    common(isDeflated, length, original, name.length);
    header
        .putShort((short) (isFar ? 12 : 0))
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(OWNER_ONLY)
        .putInt((int) (isFar ? MAX_32 : start))
        .put(name);
    if (isFar) {
      header.putShort((short) 1).putShort((short) 8).putLong(start);
    }
    names.write(header.array(), 0, header.position());
  }

  private int deflate(byte[] content) {
    deflated =
        deflated.length < content.length + BUFFER ? new byte[content.length + BUFFER] : deflated;
    deflater.reset();
    deflater.setInput(content);
    deflater.finish();
    return deflater.deflate(deflated);
  }

  private void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    position += length;
  }

  /** Writes the central directory and the end. */
  void finish() throws IOException {
    names.flush();
    long start = position;
    position += Files.copy(directory, out);
    long length = position - start;
    header.clear().putInt(END_64).putLong(44).putShort(MADE_ON_UNIX).putShort(VERSION);
    header.putInt(0).putInt(0).putLong(count).putLong(count).putLong(length).putLong(start);
    header.putInt(LOCATOR_64).putInt(0).putLong(position).putInt(1);
    boolean needs64 = count >= MAX_16 || position >= MAX_32;
    if (!needs64) {
      header.clear();
    }
    header.putInt(END).putInt(0);
    short entries = (short) Math.min(count, MAX_16);
    header.putShort(entries).putShort(entries);
    header.putInt((int) Math.min(length, MAX_32)).putInt((int) Math.min(start, MAX_32));
    header.putShort((short) 0);
    write(header.array(), header.position());
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(deflated, (byte) 0);
    deflater.end();
    names.close();
  }
}
