// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** An access file that is read again whenever it has changed: who is taken out, is out at once. */
final class AccessFile {
  private final Path path;
  private Version known;
  private AccessList list = AccessList.empty();

  /** What another content would change. */
  private record Version(FileTime modified, long size, Object key) {}

  AccessFile(Path path) {
    this.path = path;
  }

  /**
   * Returns who has access now.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is not right
   */
  synchronized AccessList current() throws IOException {
    BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
    Version version = new Version(found.lastModifiedTime(), found.size(), found.fileKey());
    if (!version.equals(known)) {
      known = null; // if it cannot be read now, the next call tries again
      list = AccessList.read(path);
      known = version;
    }
    return list;
  }
}
