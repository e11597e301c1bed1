// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.ProviderException;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Wraps with an AES key that this process holds, or that a provider lets it use: {@link AesGcm}
 * with the prefix 1.
 */
final class SecretKeyWrapper implements KeyWrapper {
  /** A part of the format, whatever the key is called elsewhere. */
  static final byte[] CONTEXT = "lwm2m-creds store key".getBytes(US_ASCII);

  private static final byte[] PREFIX = {1};

  private final SecretKey key;
  private final Provider provider;
  private final String name;

  SecretKeyWrapper(SecretKey key, String name) {
    this(key, null, name);
  }

  /** Uses the provider, unless it is null, if none of those that are registered takes the key. */
  SecretKeyWrapper(SecretKey key, Provider provider, String name) {
    this.key = Objects.requireNonNull(key, "key");
    this.provider = provider;
    this.name = name;
  }

  @Override
  public byte[] wrap(byte[] plain) {
    return use(cipher -> AesGcm.seal(cipher, key, PREFIX, CONTEXT, plain));
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    if (wrapped.length == 0 || wrapped[0] != PREFIX[0]) {
      throw wrongKey(name);
    }
    byte[] plain = use(cipher -> AesGcm.open(cipher, key, wrapped, PREFIX.length, CONTEXT));
    if (plain == null) {
      throw wrongKey(name);
    }
    return plain;
  }

  static CredentialStoreException wrongKey(String name) {
    return new CredentialStoreException(
        Reason.WRONG_KEY,
        name + " is not the wrapping key of this store, or the wrapped key was altered");
  }

  private byte[] use(Operation operation) {
    try {
      try {
        return operation.by(AesGcm.cipher());
      } catch (InvalidKeyException e) {
        if (provider == null) {
          throw e;
        }
        return operation.by(Cipher.getInstance(AesGcm.TRANSFORMATION, provider));
      }
    } catch (GeneralSecurityException | ProviderException e) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY, name + " cannot be used with " + AesGcm.TRANSFORMATION, e);
    }
  }

  private interface Operation {
    byte[] by(Cipher cipher) throws GeneralSecurityException;
  }

  @Override
  public String toString() {
    return name;
  }
}
