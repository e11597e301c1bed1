// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.util.EncryptedStreamUtil;
import org.eclipse.californium.scandium.util.SecretUtil;

/**
 * The encryption of Scandium's {@code MultiPskFileStore}, by Californium's own {@code
 * EncryptedStreamUtil}. An encrypted file begins with the number of its cipher: 2, 3 or 4, and 1 or
 * 2.
 */
final class PskFileCipher {
  private static final int FIRST_CIPHER = 2;
  private static final int LAST_CIPHER = 4;

  private PskFileCipher() {}

  /** Refuses a file that begins like an encrypted one; text begins with no such byte. */
  static void requirePlain(int first) throws SourceException {
    if (first >= FIRST_CIPHER && first <= LAST_CIPHER) {
      throw new SourceException(Reason.ENCRYPTED, "the file is encrypted: it needs its password");
    }
  }

  /** Decrypts a file; the caller wipes the result. */
  static byte[] decrypt(Path file, char[] password) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return withKey(password, key -> decrypt(in, key));
    }
  }

  private interface Work<T> {
    T apply(SecretKey key) throws IOException;
  }

  private static byte[] decrypt(InputStream in, SecretKey key) throws IOException {
    EncryptedStreamUtil cipher = new EncryptedStreamUtil();
    byte[] seed;
    try {
      seed = cipher.readSeed(in);
    } catch (IllegalArgumentException e) {
      throw new SourceException(Reason.TRUNCATED, "the file is too short to be encrypted", e);
    }
    if (seed == null || seed.length == 0) {
      throw new SourceException(
          Reason.OTHER_FORMAT, "the file is not encrypted: it is read without a password");
    }
    try (InputStream plain = cipher.prepare(seed, in, key)) {
      byte[] all = plain.readNBytes((int) SerialReader.MAX_LENGTH);
      if (plain.read() >= 0) {
        Arrays.fill(all, (byte) 0);
        throw new SourceException(
            Reason.TOO_LARGE, "it is larger than " + SerialReader.MAX_LENGTH + " bytes");
      }
      return all;
    } catch (IOException e) {
      throw e.getCause() instanceof GeneralSecurityException ? wrongPassword(e) : e;
    }
  }

  static SourceException wrongPassword(IOException cause) {
    return new SourceException(
        Reason.WRONG_PASSWORD, "the password is wrong, or the file is damaged", cause);
  }

  /** Returns a stream that encrypts, to be closed with its target. */
  static OutputStream encrypting(OutputStream out, char[] password) throws IOException {
    return withKey(password, key -> new EncryptedStreamUtil().prepare(out, key));
  }

  private static <T> T withKey(char[] password, Work<T> work) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] secret = Arrays.copyOf(bytes.array(), bytes.limit());
    Arrays.fill(bytes.array(), (byte) 0);
    SecretKey key = SecretUtil.create(secret, "PW");
    Arrays.fill(secret, (byte) 0);
    try {
      return work.apply(key);
    } finally {
      SecretUtil.destroy(key);
    }
  }
}
