// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Takes what is to be sealed or signed. It is whole after {@link #finish}; closed without, it is
 * cut short, and no receiver accepts it.
 */
public final class SealedOutput extends OutputStream {
  private final List<OutputStream> layers; // the one to write to first

  SealedOutput(List<OutputStream> layers) {
    this.layers = List.copyOf(layers);
  }

  @Override
  public void write(int b) throws IOException {
    layers.get(0).write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    layers.get(0).write(bytes, offset, length);
  }

  /**
   * Writes the end: the authentication tag and the signature.
   *
   * @throws IOException if it cannot be written
   */
  public void finish() throws IOException {
    for (OutputStream layer : layers) {
      layer.close();
    }
  }

  /** Does nothing, so that an exception does not make a whole manifest of a part. */
  @Override
  public void close() {
    // See above.
  }
}
