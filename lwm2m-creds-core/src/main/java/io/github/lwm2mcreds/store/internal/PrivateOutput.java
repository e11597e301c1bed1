// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A new file of mode 0600 that is written piece by piece and is there whole or not at all: it gets
 * its name when it is {@linkplain #commit committed}, and is deleted when it is closed before.
 */
public final class PrivateOutput extends OutputStream {
  private final Path file;
  private final Path folder;
  private final Path temporary;
  private final FileChannel channel;
  private final boolean replaces;

  /**
   * Begins a file.
   *
   * @throws FileAlreadyExistsException if there is one, which stays as it is
   */
  public PrivateOutput(Path file) throws IOException {
    // Java gives a temporary file mode 0600 where there are modes.
    this(file, Files.createTempFile(requireNew(file), ".lwm2m-creds", ".tmp"), false);
  }

  private PrivateOutput(Path file, Path temporary, boolean replaces) throws IOException {
    this.file = file;
    this.replaces = replaces;
    this.folder = folder(file);
    this.temporary = temporary;
    this.channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
  }

  /**
   * Begins a file whose beginning has a name of its own, so that a killed process leaves no more
   * than one, which the next one replaces.
   *
   * @throws FileAlreadyExistsException if the file exists, which stays as it is
   */
  public static PrivateOutput resumable(Path file) throws IOException {
    requireNew(file);
    return new PrivateOutput(file, newPart(file), false);
  }

  /**
   * Begins a file that replaces the one there is when it is {@linkplain #commit committed}. Its
   * beginning has a name of its own, too.
   */
  public static PrivateOutput replacing(Path file) throws IOException {
    return new PrivateOutput(file, newPart(file), true);
  }

  private static Path newPart(Path file) throws IOException {
    deletePart(file);
    return Files.createFile(part(file), PrivateFiles.ownerOnly());
  }

  /**
   * Deletes the name of its own that the beginning of a {@linkplain #resumable} file has, which a
   * process may have left that was killed, even when the file had its name already.
   */
  public static void deletePart(Path file) throws IOException {
    Files.deleteIfExists(part(file));
  }

  private static Path part(Path file) {
    return folder(file).resolve("." + file.getFileName() + ".part");
  }

  /** Returns the folder of a file that must not exist. */
  private static Path requireNew(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return folder(file);
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder");
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Ends the file, which is on disk under its name afterwards.
   *
   * @throws FileAlreadyExistsException if another one was made meanwhile, which stays as it is
   */
  public void commit() throws IOException {
    channel.force(true);
    if (replaces) {
      PrivateFiles.move(temporary, file);
    } else {
      PrivateFiles.place(temporary, file);
    }
    PrivateFiles.force(folder);
  }

  @Override
  public String toString() {
    return file.toString();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
