// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The content of a file whose signature was verified. Its end is handed out only if the file is
 * still what was verified.
 */
final class VerifiedInput extends InputStream {
  private final InputStream content;
  private final Pass pass;
  private final SealedFile.Verified verified;
  private final Closeable file;
  private boolean ended;

  VerifiedInput(InputStream content, Pass pass, SealedFile.Verified verified, Closeable file) {
    this.content = content;
    this.pass = pass;
    this.verified = verified;
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    try {
      int read = content.read(bytes, offset, length);
      if (read < 0) {
        end();
      }
      return read;
    } catch (ManifestException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw SealedFile.altered(e);
    }
  }

  private void end() throws IOException {
    pass.transferTo(OutputStream.nullOutputStream());
    if (!pass.digest().equals(verified.digest())) {
      throw new IOException("the file changed while it was read");
    }
    ended = true;
  }

  /** Closes the file. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
