// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.factory.FactoryException.Reason;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;

/** Images in a folder of mode 0700, each a file of mode 0600 that is there whole or not at all. */
final class FolderImages implements ImageOutput {
  private final Path folder;

  FolderImages(Path folder) throws IOException {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      create(folder);
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".lwm2m-creds*.tmp")) {
      for (Path temporary : left) { // of a run that was killed
        Files.delete(temporary);
      }
    }
  }

  private static void create(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(folder);
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        PrivateFiles.create(file, content);
        return;
      }
    } catch (FileAlreadyExistsException e) {
      // compared below
    }
    byte[] found = Files.readAllBytes(file);
    boolean isSame = MessageDigest.isEqual(found, content);
    Arrays.fill(found, (byte) 0);
    if (!isSame) {
      throw new FactoryException(
          Reason.OTHER_IMAGE,
          "'" + name + "' is there and holds something else; it stays as it is");
    }
  }

  @Override
  public void finish() throws IOException {
    PrivateFiles.force(folder);
    PrivateFiles.force(Objects.requireNonNull(folder.toAbsolutePath().getParent(), "a folder"));
  }

  @Override
  public void close() {
    // nothing is open between two images
  }
}
