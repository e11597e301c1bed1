// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One reading of a file from its start, which knows the digest of what it read. */
final class Pass extends FilterInputStream {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_PADDING = 64;

  private final DigestInputStream digested;
  private boolean cut;

  Pass(FileChannel channel) throws IOException {
    this(new DigestInputStream(Channels.newInputStream(channel.position(0)), sha256()));
  }

  private Pass(DigestInputStream digested) {
    super(new BufferedInputStream(digested, BUFFER));
    this.digested = digested;
  }

  BufferedInputStream buffered() {
    return (BufferedInputStream) in;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    cut |= b < 0;
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    cut |= read < 0;
    return read;
  }

  /** Returns whether more was asked for than there is. */
  boolean isCut() {
    return cut;
  }

  /** Reads what a parser has left, which can only be the marks of ends, and returns the digest. */
  String end() throws IOException {
    byte[] rest = in.readNBytes(MAX_PADDING + 1);
    for (byte b : rest) {
      if (b != 0 || rest.length > MAX_PADDING) {
        throw new IOException("there is something after the end");
      }
    }
    return digest();
  }

  /** Returns the digest of a file that was read to its end. */
  String digest() {
    return HexFormat.of().formatHex(digested.getMessageDigest().digest());
  }

  /** Leaves the file open, as it is read again. */
  @Override
  public void close() {
    // Bouncy Castle closes what it has read.
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no SHA-256, which every Java runtime must have", e);
    }
  }
}
