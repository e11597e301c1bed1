package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.Printable;
import java.nio.file.Path;
import java.util.Arrays;
import javax.crypto.SecretKey;
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
    byte[] bytes = file.read();
    try {
      SecretKey key = new SecretKeySpec(bytes, "AES");
      return new SecretKeyWrapper(key, toString());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "the key file '" + Printable.escape(file.path().toString()) + "'";
  }
}
