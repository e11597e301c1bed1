// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;

/** The process's standard output, which knows why a write failed. */
final class StandardOutput extends PrintStream {
  private final Watched watched;

  private StandardOutput(Watched watched, Charset charset) {
    super(new BufferedOutputStream(watched, 1 << 13), true, charset);
    this.watched = watched;
  }

  static StandardOutput open() {
    return on(new FileOutputStream(FileDescriptor.out));
  }

  static StandardOutput on(OutputStream out) {
    // As the Java runtime does for System.out; its properties differ between releases.
    String charset =
        System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return new StandardOutput(
        new Watched(out), charset == null ? Charset.defaultCharset() : Charset.forName(charset));
  }

  /** Returns whether the other end of the pipe is closed. */
  boolean readerIsGone() {
    return watched.readerIsGone;
  }

  private static final class Watched extends FilterOutputStream {
    private volatile boolean readerIsGone;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        // EPIPE has no exception of its own; the text on Windows has the word too.
        readerIsGone |= String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
        throw e;
      }
    }
  }
}
