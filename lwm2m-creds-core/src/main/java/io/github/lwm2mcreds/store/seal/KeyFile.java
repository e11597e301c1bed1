// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.internal.MissingRight;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;

/** A file of 32 random bytes in hex and a line feed, for nobody but its owner. */
final class KeyFile {
  private static final int LENGTH = 32;
  private static final int MAX_CONTENT = 2 * LENGTH + 2;

  private final Path path;

  KeyFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /**
   * Makes the file unless it is there: whole or not at all, and only one of all who make it at
   * once. It is on disk before it is used, as what it wraps may reach the disk at any time then.
   */
  void createIfMissing() {
    Path folder = path.getParent();
    if (folder == null) {
      throw unusable("is a folder", null);
    }
    try {
      if (!Files.exists(path)) {
        create();
      }
      PrivateFiles.force(folder);
    } catch (NoSuchFileException e) {
      throw unusable("cannot be made, as its folder does not exist", e);
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable(
          "cannot be made"
              + MissingRight.toMake(path)
                  .map(right -> ": " + right)
                  .orElse("; 'openssl rand -hex 32' makes the content of one"),
          e);
    }
  }

  private void create() throws IOException {
    try {
      SecretBytes.useAndWipe(
          newContent(),
          content -> {
            PrivateFiles.create(path, content);
            return null;
          });
    } catch (FileAlreadyExistsException e) {
      // Somebody else was faster: theirs is the key.
    }
  }

  private static byte[] newContent() {
    ByteBuffer content = ByteBuffer.allocate(2 * LENGTH + 1);
    return SecretBytes.useAndWipe(
            AesGcm.newKey(LENGTH), key -> HexDigits.encode(key, HexFormat.of(), content))
        .put((byte) '\n')
        .array();
  }

  /** Returns the key, which the caller wipes. */
  byte[] read() {
    try {
      requireOwnerOnly();
      return SecretBytes.useAndWipe(content(), this::parse);
    } catch (NoSuchFileException e) {
      throw unusable("is missing", e);
    } catch (IOException e) {
      throw unusable(
          "cannot be read" + MissingRight.toRead(path).map(right -> ": " + right).orElse(""), e);
    }
  }

  private void requireOwnerOnly() throws IOException {
    if (PrivateFiles.widerMode(path).isPresent()) {
      throw new CredentialStoreException(
          Reason.FILE_MODE,
          name() + " is open to others than its owner: set its mode to 600 if nobody has read it");
    }
  }

  private byte[] content() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_CONTENT + 1);
    }
  }

  private byte[] parse(byte[] content) {
    int length = content.length;
    while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
      length--;
    }
    if (length != 2 * LENGTH
        || content.length > MAX_CONTENT
        || HexDigits.indexOfNonDigit(content, 0, length) >= 0) {
      throw unusable("does not hold the 64 hex digits of a key, and nothing else", null);
    }
    return HexDigits.decode(content, 0, length);
  }

  private CredentialStoreException unusable(String what, Exception cause) {
    return new CredentialStoreException(Reason.WRONG_KEY, name() + " " + what, cause);
  }

  private String name() {
    return "the key file '" + Printable.escape(path.toString()) + "'";
  }
}
