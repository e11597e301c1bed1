// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a run puts its images. */
interface ImageOutput extends Closeable {
  /**
   * Writes an image.
   *
   * @param content stays the caller's, who wipes it
   */
  void write(String name, byte[] content) throws IOException;

  /** Makes all images durable, under their names. */
  void finish() throws IOException;

  static boolean isZip(Path path) {
    return path.toString().endsWith(".zip") && !Files.isDirectory(path);
  }

  /** Opens a place of which a run may have written a part. */
  static ImageOutput open(Path path) throws IOException {
    if (!isZip(path)) {
      return new FolderImages(path);
    }
    if (!Files.exists(path)) {
      return new ZipImages(path);
    }
    ZipImages.deleteRest(path);
    return new NoImages();
  }

  /** For a zip that a run has finished already. */
  final class NoImages implements ImageOutput {
    @Override
    public void write(String name, byte[] content) {
      // it is there
    }

    @Override
    public void finish() {
      // it is finished
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
