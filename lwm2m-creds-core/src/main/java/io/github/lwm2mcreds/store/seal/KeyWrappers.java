// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.crypto.SecretKey;

/** The usual wrapping keys: a key file, a passphrase, a key store. */
public final class KeyWrappers {
  private KeyWrappers() {}

  /**
   * Wraps with a key in a file of its own. A new store makes the file, with mode 0600. An existing
   * store never makes it, so a mistyped path shows as a missing file. A file that others than its
   * owner may read or write is refused. Back it up, but not together with the store: without it the
   * store is lost.
   *
   * @param file holds 32 bytes as 64 hex digits; its folder exists
   * @return the wrapper, which reads the file whenever it is used
   */
  public static KeyWrapper keyFile(Path file) {
    return new KeyFileWrapper(file);
  }

  /**
   * Wraps with a key derived from a passphrase by Argon2id (RFC 9106: 3 passes, 64 MiB, 4 lanes).
   * Parameters and salt are kept in the wrapped key. The passphrase is used as it is, in UTF-8, and
   * not normalised: the same text in another sequence of characters is another passphrase.
   *
   * <p>Needs Bouncy Castle ({@code org.bouncycastle:bcprov-jdk18on}) on the class path.
   *
   * @param passphrase not empty; copied, so the caller may wipe its own
   * @return the wrapper, which is also a {@link javax.security.auth.Destroyable} to wipe the copy
   * @throws IllegalArgumentException if the passphrase is empty or has a lone surrogate
   */
  public static KeyWrapper passphrase(char[] passphrase) {
    return new PassphraseWrapper(passphrase, Argon2id.RECOMMENDED);
  }

  /**
   * Wraps with an AES key of a Java key store, such as a PKCS#12 file or, through a PKCS#11
   * provider, an HSM. The key need not be extractable.
   *
   * @param keyStore loaded
   * @param alias the name of an AES key in it, preferably of 256 bits
   * @param password the key's password, or null if it has none; not kept
   * @return the wrapper
   * @throws CredentialStoreException with {@code WRONG_KEY} if there is no such AES key, or the
   *     password is wrong
   */
  public static KeyWrapper keyStore(KeyStore keyStore, String alias, char[] password) {
    Objects.requireNonNull(alias, "alias");
    String name =
        "the key '" + Printable.escape(alias) + "' of the " + keyStore.getType() + " key store";
    try {
      Key key = keyStore.getKey(alias, password);
      if (key instanceof SecretKey secret && "AES".equals(key.getAlgorithm())) {
        return new SecretKeyWrapper(secret, keyStore.getProvider(), name);
      }
    } catch (GeneralSecurityException e) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY, name + " cannot be read: is the password right?", e);
    }
    throw new CredentialStoreException(
        Reason.WRONG_KEY, name + " is not there, or is not an AES key");
  }

  /**
   * Wraps with the first of several, and unwraps with any of them: to move a store to another
   * wrapping key while servers run.
   *
   * @param first wraps, and is tried first
   * @param others are tried next, in this order
   * @return the wrapper
   */
  public static KeyWrapper anyOf(KeyWrapper first, KeyWrapper... others) {
    List<KeyWrapper> all = new ArrayList<>();
    all.add(first);
    all.addAll(List.of(others));
    return new AnyOfWrapper(all);
  }
}
