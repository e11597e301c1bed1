// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other servers from using the same file. It goes with the process, however that ends. */
final class SessionFileLock implements Closeable {
  private final FileChannel channel;

  /**
   * Locks a file, which need not exist.
   *
   * @throws IOException if another server has locked it
   */
  SessionFileLock(Path file) throws IOException {
    Path path = Path.of(file + ".lock");
    try {
      Files.createFile(path, PrivateFiles.ownerOnly());
    } catch (FileAlreadyExistsException e) {
      // it stays, as another might lock one that is about to be deleted
    }
    channel = FileChannel.open(path, StandardOpenOption.WRITE);
    if (!isLocked()) {
      channel.close();
      throw new FileSystemException(
          file.toString(), null, "another server that runs keeps its sessions in " + file);
    }
  }

  private boolean isLocked() throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
