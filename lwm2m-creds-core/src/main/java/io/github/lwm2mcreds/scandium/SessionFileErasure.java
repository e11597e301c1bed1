// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Takes a file of sessions away that must not be loaded. */
final class SessionFileErasure {
  /** The header with the sealed key, without which the rest opens with no key. */
  private static final int OVERWRITTEN = 4096;

  private SessionFileErasure() {}

  /** Overwrites the key of a file, and deletes it. */
  static void erase(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int length = (int) Math.min(OVERWRITTEN, channel.size());
      channel.write(ByteBuffer.allocate(length), 0);
      channel.force(true);
    }
    Files.delete(file);
    PrivateFiles.force(folder(file));
  }

  /** Renames a file. */
  static void setAside(Path file, Path name) throws IOException {
    Files.move(file, name, StandardCopyOption.REPLACE_EXISTING);
    PrivateFiles.force(folder(file));
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder");
  }
}
