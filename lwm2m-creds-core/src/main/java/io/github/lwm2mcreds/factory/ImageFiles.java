// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The images in a folder or a zip file, or one in a file of its own. Names that begin with a dot
 * are left out, as no image has one: they are unfinished files, and those of the system.
 */
final class ImageFiles {
  private static final int MAX_SIZE = 64 << 20; // more than the flash of any board

  private ImageFiles() {}

  /** Takes a file. */
  interface Visitor {
    /**
     * Takes a file.
     *
     * @param content null if it is too large; wiped afterwards
     */
    void visit(String name, byte[] content) throws IOException;
  }

  static void forEach(Path images, Visitor visitor) throws IOException {
    if (Files.isDirectory(images)) {
      folder(images, visitor);
    } else if (images.toString().endsWith(".zip")) {
      zip(images, visitor);
    } else {
      try (InputStream in = Files.newInputStream(images)) {
        visit(String.valueOf(images.getFileName()), in, visitor);
      }
    }
  }

  private static void folder(Path folder, Visitor visitor) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!Files.isDirectory(file) && !isHidden(String.valueOf(file.getFileName()))) {
          try (InputStream in = Files.newInputStream(file)) {
            visit(String.valueOf(file.getFileName()), in, visitor);
          }
        }
      }
    }
  }

  private static void zip(Path zip, Visitor visitor) throws IOException {
    try (ZipFile whole = new ZipFile(zip.toFile())) { // fails if its end is missing
      Enumeration<? extends ZipEntry> entries = whole.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (!entry.isDirectory() && !isHidden(entry.getName())) {
          try (InputStream in = whole.getInputStream(entry)) {
            visit(entry.getName(), in, visitor);
          }
        }
      }
    }
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".", name.lastIndexOf('/') + 1);
  }

  private static void visit(String name, InputStream in, Visitor visitor) throws IOException {
    SecretBytes.useAndWipe(
        in.readNBytes(MAX_SIZE + 1),
        content -> {
          visitor.visit(name, content.length > MAX_SIZE ? null : content);
          return null;
        });
  }
}
