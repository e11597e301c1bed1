// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.SecretBytes;
import java.nio.file.Path;
import javax.crypto.spec.SecretKeySpec;

/** Wraps with the key of a file, which is read each time and held no longer than it takes. */
final class KeyFileWrapper implements KeyWrapper {
  private final KeyFile file;

  KeyFileWrapper(Path path) {
    file = new KeyFile(path);
  }

  @Override
  public byte[] wrap(byte[] key) {
    file.createIfMissing();
    return wrapper().wrap(key);
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    return wrapper().unwrap(wrapped);
  }

  private SecretKeyWrapper wrapper() {
    return SecretBytes.useAndWipe(
        file.read(), key -> new SecretKeyWrapper(new SecretKeySpec(key, "AES"), toString()));
  }

  @Override
  public String toString() {
    return "the key file '" + Printable.escape(file.path().toString()) + "'";
  }
}
