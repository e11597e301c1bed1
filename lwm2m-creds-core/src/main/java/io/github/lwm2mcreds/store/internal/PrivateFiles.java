// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Files of mode 0600 that are on disk. Where the file system has no modes, a file has its folder's
 * rights.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.copyOf(EnumSet.of(OWNER_READ, OWNER_WRITE));

  private PrivateFiles() {}

  /** Returns the attributes of a file that is to be made for its owner alone. */
  public static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /** Returns the mode of a file that others than its owner may use; empty for a private file. */
  public static Optional<String> widerMode(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return Optional.empty();
    }
    Set<PosixFilePermission> found = EnumSet.noneOf(PosixFilePermission.class);
    found.addAll(view.readAttributes().permissions());
    found.remove(OWNER_EXECUTE);
    return OWNER_ONLY.containsAll(found)
        ? Optional.empty()
        : Optional.of(PosixFilePermissions.toString(found));
  }

  /**
   * Makes a file, whole or not at all; its folder is still to be {@linkplain #force forced}.
   *
   * @throws FileAlreadyExistsException if there is one, which stays as it is
   */
  public static void create(Path file, byte[] content) throws IOException {
    write(file, content, temporary -> place(temporary, file));
  }

  /**
   * Makes a file or replaces the one there is, whole or not at all; its folder is still to be
   * {@linkplain #force forced}.
   */
  public static void replace(Path file, byte[] content) throws IOException {
    write(file, content, temporary -> move(temporary, file));
  }

  private interface Placing {
    void place(Path temporary) throws IOException;
  }

  private static void write(Path file, byte[] content, Placing placing) throws IOException {
    // Java gives a temporary file mode 0600 where there are modes.
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder");
    Path temporary = Files.createTempFile(folder, ".lwm2m-creds", ".tmp");
    try {
      fill(temporary, content);
      placing.place(temporary);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void fill(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Moves a finished file to its name, unless another file has that name. */
  static void place(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary); // unlike a move it replaces nothing
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // FAT, as on memory sticks, has no links. An empty file keeps the name for the move.
      Files.createFile(file);
      move(temporary, file);
    }
  }

  /** Moves a finished file to its name, and replaces any other file of that name. */
  static void move(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes a folder's entries durable; Windows neither allows nor needs it. */
  public static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // A file in a folder that may not be listed can be used all the same.
    }
  }
}
