// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Destroyable;

/**
 * Wraps with a key derived from a passphrase by {@link Argon2id}: {@link AesGcm} with the prefix 2,
 * the passes, KiB and lanes, 4 bytes each, and 16 bytes of salt.
 */
final class PassphraseWrapper implements KeyWrapper, Destroyable {
  private static final byte KIND = 2;
  private static final int SALT_LENGTH = 16;
  private static final int PREFIX_LENGTH = 1 + 3 * Integer.BYTES + SALT_LENGTH;
  private static final int KEY_LENGTH = 32;

  private final byte[] passphrase;
  private final Argon2id cost;
  private boolean destroyed;

  PassphraseWrapper(char[] passphrase, Argon2id cost) {
    this.passphrase = encode(passphrase);
    this.cost = cost;
  }

  private static byte[] encode(char[] passphrase) {
    if (passphrase.length == 0) {
      throw new IllegalArgumentException("the passphrase is empty");
    }
    try {
      ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(passphrase));
      return SecretBytes.useAndWipe(
          encoded.array(), bytes -> Arrays.copyOf(bytes, encoded.limit()));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the passphrase holds a lone surrogate", e);
    }
  }

  @Override
  public byte[] wrap(byte[] key) {
    byte[] prefix =
        ByteBuffer.allocate(PREFIX_LENGTH)
            .put(KIND)
            .putInt(cost.passes())
            .putInt(cost.memoryKib())
            .putInt(cost.lanes())
            .put(AesGcm.randomBytes(SALT_LENGTH))
            .array();
    try {
      return AesGcm.seal(
          AesGcm.cipher(), derive(cost, prefix), prefix, SecretKeyWrapper.CONTEXT, key);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    if (wrapped.length < PREFIX_LENGTH || wrapped[0] != KIND) {
      throw SecretKeyWrapper.wrongKey(toString());
    }
    ByteBuffer in = ByteBuffer.wrap(wrapped, 1, 3 * Integer.BYTES);
    Argon2id stored = new Argon2id(in.getInt(), in.getInt(), in.getInt());
    if (!stored.isBearable()) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY, "the wrapped sealing key was altered: it asks for " + stored);
    }
    byte[] key;
    try {
      key =
          AesGcm.open(
              AesGcm.cipher(),
              derive(stored, wrapped),
              wrapped,
              PREFIX_LENGTH,
              SecretKeyWrapper.CONTEXT);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
    if (key == null) {
      throw SecretKeyWrapper.wrongKey(toString());
    }
    return key;
  }

  private SecretKey derive(Argon2id by, byte[] prefix) {
    byte[] salt = Arrays.copyOfRange(prefix, PREFIX_LENGTH - SALT_LENGTH, PREFIX_LENGTH);
    byte[] derived =
        SecretBytes.useAndWipe(copyOfPassphrase(), secret -> by.derive(secret, salt, KEY_LENGTH));
    return SecretBytes.useAndWipe(derived, key -> new SecretKeySpec(key, "AES"));
  }

  private synchronized byte[] copyOfPassphrase() {
    if (destroyed) {
      throw new IllegalStateException("this passphrase was destroyed");
    }
    return passphrase.clone();
  }

  private static CredentialStoreException unusable(GeneralSecurityException e) {
    return new CredentialStoreException(
        Reason.WRONG_KEY, "this Java runtime lacks " + AesGcm.TRANSFORMATION, e);
  }

  @Override
  public synchronized void destroy() {
    destroyed = true;
    Arrays.fill(passphrase, (byte) 0);
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "the passphrase";
  }
}
