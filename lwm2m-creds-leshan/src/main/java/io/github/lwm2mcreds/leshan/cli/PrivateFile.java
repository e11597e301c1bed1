package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner may read. */
final class PrivateFile {
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private PrivateFile() {}

  /**
   * Writes a file with mode 0600, whole or not at all. Replaces an existing file and its mode
   * atomically, but writes into one that is not a regular file, such as a device.
   */
  static void write(Path file, byte[] content) throws CommandException {
    try {
      if (Files.isDirectory(file)) {
        throw CommandException.refused(InputFile.name(file) + ": is a folder, not a file");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        Files.write(file, content);
        return;
      }
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path folder = target.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw CommandException.refused(InputFile.name(file) + ": its folder does not exist");
      }
      Path temporary = Files.createTempFile(folder, ".lwm2m-creds", ".tmp", ownerOnly());
      try {
        Files.write(temporary, content);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw CommandException.failed(
          InputFile.name(file) + ": cannot be written: " + e.getClass().getSimpleName(), e);
    }
  }

  /**
   * Writes a new file with mode 0600, and forces it to disk. Never overwrites: an existing file may
   * be the only copy of a key.
   */
  static void writeNew(Path file, byte[] content) throws CommandException {
    try (FileChannel channel = FileChannel.open(file, NEW, ownerOnly())) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw CommandException.refused(
          InputFile.name(file) + ": already exists, and is not overwritten", e);
    } catch (NoSuchFileException e) {
      throw CommandException.refused(InputFile.name(file) + ": its folder does not exist", e);
    } catch (IOException e) {
      throw CommandException.failed(
          InputFile.name(file) + ": cannot be written: " + e.getClass().getSimpleName(), e);
    }
  }

  /** The mode, where the file system has modes; elsewhere a file inherits the folder's rights. */
  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
