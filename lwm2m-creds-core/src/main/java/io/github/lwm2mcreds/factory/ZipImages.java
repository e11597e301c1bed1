// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Images in a zip file of mode 0600, which is there when all of them are in it. */
final class ZipImages implements ImageOutput {
  private static final int BUFFER = 1 << 16;

  private final PrivateOutput file;
  private final Path directory;
  private final OutputStream out;
  private final ZipEntries entries;

  ZipImages(Path zip) throws IOException {
    file = PrivateOutput.resumable(zip);
    directory = directory(zip);
    out = new BufferedOutputStream(file, BUFFER);
    entries = new ZipEntries(out, directory);
  }

  private static Path directory(Path zip) {
    Path folder = Objects.requireNonNull(zip.toAbsolutePath().getParent(), "a folder");
    return folder.resolve("." + zip.getFileName() + ".names");
  }

  /** Deletes what a run may have left that was killed when the zip had its name already. */
  static void deleteRest(Path zip) throws IOException {
    PrivateOutput.deletePart(zip);
    Files.deleteIfExists(directory(zip));
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    entries.add(name, content);
  }

  @Override
  public void finish() throws IOException {
    entries.finish();
    out.flush();
    file.commit();
  }

  @Override
  public void close() throws IOException {
    try {
      entries.close();
    } finally {
      file.close();
      Files.deleteIfExists(directory);
    }
  }
}
