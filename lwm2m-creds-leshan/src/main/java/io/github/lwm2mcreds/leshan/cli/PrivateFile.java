// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.partition.PartitionLocation;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Files with keys, which only their owner may read. They are written whole or not at all, and are
 * on disk when a method returns.
 */
final class PrivateFile {
  private PrivateFile() {}

  private interface Writing {
    void write() throws IOException;
  }

  /**
   * Writes a new file. Never overwrites: an existing file may be the only copy of a key.
   *
   * @param location where a flash dump that may be there has its partition, for the message
   */
  static void writeNew(Path file, byte[] content, Optional<PartitionLocation> location)
      throws CommandException {
    write(
        file,
        () -> {
          PrivateFiles.create(file, content);
          PrivateFiles.force(folder(file));
        },
        location);
  }

  /** Writes a file, or replaces the one that is there or that a link there leads to. */
  static void replace(Path file, byte[] content) throws CommandException {
    write(
        file,
        () -> {
          Path target = Files.exists(file) ? file.toRealPath() : file;
          PrivateFiles.replace(target, content);
          PrivateFiles.force(folder(target));
        },
        Optional.empty());
  }

  /** Writes into what keeps nothing, so that nothing there is overwritten. */
  static void writeInto(Path device, byte[] content) throws CommandException {
    write(device, () -> Files.write(device, content), Optional.empty());
  }

  private static void write(Path file, Writing writing, Optional<PartitionLocation> location)
      throws CommandException {
    if (Files.isDirectory(file)) {
      throw existing(file, location);
    }
    try {
      writing.write();
    } catch (FileAlreadyExistsException e) {
      throw existing(file, location);
    } catch (NoSuchFileException e) {
      throw CommandException.refused(InputFile.name(file) + ": its folder does not exist", e);
    } catch (IOException e) {
      throw Rights.writing(file, e);
    }
  }

  /** Returns the refusal to overwrite what is there. */
  static CommandException existing(Path file, Optional<PartitionLocation> location) {
    return CommandException.refused(
        InputFile.name(file)
            + (Files.isDirectory(file)
                ? ": is a folder, not a file"
                : ": already exists"
                    + credential(file, location).map(found -> " and holds " + found).orElse("")
                    + "; it is not overwritten"));
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder");
  }

  /** Returns whether a file is something that keeps nothing, such as a device or a pipe. */
  static boolean isDevice(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /** Returns whether a file holds these bytes and nothing else. */
  static boolean holds(Path file, byte[] content) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) != content.length) {
        return false;
      }
      byte[] found = Files.readAllBytes(file);
      boolean same = MessageDigest.isEqual(found, content);
      Arrays.fill(found, (byte) 0);
      return same;
    } catch (IOException e) {
      return false; // so it is not overwritten
    }
  }

  /** Describes the credential in a file; empty if it holds something else, or cannot be read. */
  static Optional<String> credential(Path file, Optional<PartitionLocation> location) {
    try {
      DeviceCredential credential = PartitionFile.readCredential(file, location);
      String text =
          "the key of "
              + StoreRow.quoted(credential.endpoint())
              + " with the check value "
              + credential.psk().checkValue();
      credential.destroy();
      return Optional.of(text);
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /** Takes a file from all but its owner. */
  static void restrict(Path file) throws CommandException {
    try {
      if (PrivateFiles.widerMode(file).isPresent()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      throw CommandException.failed(
          InputFile.name(file) + ": is open to others, and its mode cannot be changed", e);
    }
  }
}
