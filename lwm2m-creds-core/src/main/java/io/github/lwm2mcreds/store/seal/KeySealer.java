// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Seals devices' keys for a database: with AES-256-GCM (NIST SP 800-38D), under one of a ring of
 * sealing keys. The active one seals; the others open what was sealed before they were replaced.
 *
 * <p>A sealed key is, in bytes:
 *
 * <table>
 * <caption>33 bytes more than the key</caption>
 * <tr><th scope="col">offset</th><th scope="col">size</th><th scope="col">content</th></tr>
 * <tr><td>0</td><td>1</td><td>format: 1</td></tr>
 * <tr><td>1</td><td>4</td><td>id of the sealing key, big endian</td></tr>
 * <tr><td>5</td><td>12</td><td>nonce</td></tr>
 * <tr><td>17</td><td>1–64</td><td>the device's key, encrypted</td></tr>
 * <tr><td>17 + key</td><td>16</td><td>tag</td></tr>
 * </table>
 *
 * <p>Authenticated with it are format and id, and the endpoint in UTF-8 and the PSK identity, each
 * after its length in 4 bytes, big endian: what was copied to another device's row does not open.
 *
 * <p>Nonces are random, so one sealing key should seal at most 2<sup>32</sup> times (SP 800-38D
 * §8.3). Any number of threads may use a sealer.
 */
final class KeySealer {
  /** How much longer a sealed key is than the key: 33 bytes. */
  static final int OVERHEAD = 1 + Integer.BYTES + AesGcm.OVERHEAD;

  private static final byte FORMAT = 1;

  /** Of what is no device's key; authenticated, so one is never opened as the other. */
  private static final byte SECRET_FORMAT = 2;

  private static final int PREFIX_LENGTH = 1 + Integer.BYTES;

  private record Ring(Map<Integer, SealingKey> keys, Integer activeId) {}

  /** Replaced, never changed; null once destroyed. */
  private volatile Ring ring = new Ring(Map.of(), null);

  /**
   * Makes a random sealing key and returns it wrapped. It is not in the ring yet: by the time it
   * seals something, whoever is to open that must be able to read it.
   */
  static byte[] newKey(KeyWrapper wrapper) {
    return SecretBytes.useAndWipe(
        AesGcm.newKey(SealingKey.LENGTH), key -> call(wrapper::wrap, key));
  }

  /**
   * Unwraps a sealing key and adds it to the ring.
   *
   * @param keyId its id, not in the ring yet
   * @throws CredentialStoreException if it cannot be unwrapped
   */
  void addKey(int keyId, byte[] wrapped, KeyWrapper wrapper) {
    byte[] key = call(wrapper::unwrap, wrapped);
    try {
      addKey(keyId, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** A caller's wrapper may fail in its own ways. */
  private static byte[] call(UnaryOperator<byte[]> wrapper, byte[] bytes) {
    byte[] result;
    try {
      result = wrapper.apply(bytes);
    } catch (CredentialStoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE, "the key wrapper failed with " + e.getClass().getSimpleName(), e);
    }
    if (result == null) {
      throw new CredentialStoreException(Reason.WRONG_KEY, "the key wrapper returned nothing");
    }
    return result;
  }

  /** Adds a sealing key in clear to the ring; the caller wipes it. */
  synchronized void addKey(int keyId, byte[] key) {
    if (key.length != SealingKey.LENGTH) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY,
          "sealing key " + keyId + " has " + key.length + " bytes instead of " + SealingKey.LENGTH);
    }
    Ring now = ring();
    Map<Integer, SealingKey> keys = new HashMap<>(now.keys);
    if (keys.putIfAbsent(keyId, new SealingKey(key)) != null) {
      throw new IllegalArgumentException("sealing key " + keyId + " is in the ring already");
    }
    ring = new Ring(Map.copyOf(keys), now.activeId);
  }

  /**
   * Makes a key of the ring the one that seals.
   *
   * @throws CredentialStoreException with {@code WRONG_KEY} if it is not in the ring
   */
  synchronized void activate(int keyId) {
    key(keyId);
    ring = new Ring(ring().keys, keyId);
  }

  /** Returns whether a key is the one that seals. */
  boolean isActive(int keyId) {
    Integer active = ring().activeId;
    return active != null && active == keyId;
  }

  /** Returns whether a key was activated. */
  boolean canSeal() {
    return ring().activeId != null;
  }

  /** Returns whether what a key sealed can be opened. */
  boolean hasKey(int keyId) {
    return ring().keys.containsKey(keyId);
  }

  /**
   * Returns the id of the key that something claims to be sealed by.
   *
   * @throws CredentialStoreException with {@code CORRUPT} if it is not a sealed key
   */
  static int keyId(byte[] sealed) {
    if (sealed.length <= OVERHEAD || sealed.length > OVERHEAD + PreSharedKey.MAX_LENGTH) {
      throw new CredentialStoreException(
          Reason.CORRUPT,
          "a sealed key has " + sealed.length + " bytes, which no key gives: it is damaged");
    }
    if (sealed[0] != FORMAT) {
      throw new CredentialStoreException(
          Reason.CORRUPT,
          "a sealed key has format "
              + (sealed[0] & 0xff)
              + ": it is damaged, or was written by a newer version of this library");
    }
    return ByteBuffer.wrap(sealed, 1, Integer.BYTES).getInt();
  }

  /**
   * Seals a device's key under the active sealing key.
   *
   * @return the sealed key, different every time
   * @throws IllegalStateException if no key was activated, or the device's key was destroyed
   */
  byte[] seal(String endpoint, PskIdentity pskIdentity, PreSharedKey psk) {
    Ring now = ring();
    if (now.activeId == null) {
      throw new IllegalStateException("no sealing key was activated");
    }
    byte[] prefix = prefix(FORMAT, now.activeId);
    return SecretBytes.useAndWipe(
        psk.exposeBytes(),
        key -> now.keys.get(now.activeId).seal(prefix, context(endpoint, pskIdentity), key));
  }

  /**
   * Opens a device's key.
   *
   * @return the key, for the caller to destroy
   * @throws CredentialStoreException with {@code CORRUPT} if it was altered, or sealed for another
   *     endpoint or identity; with {@code WRONG_KEY} if its sealing key is not in the ring
   */
  PreSharedKey open(SealedCredential credential) {
    byte[] sealed = credential.sealed();
    byte[] key =
        key(keyId(sealed))
            .open(sealed, PREFIX_LENGTH, context(credential.endpoint(), credential.pskIdentity()));
    if (key == null) {
      throw new CredentialStoreException(
          Reason.CORRUPT,
          "the sealed key of endpoint '"
              + Printable.escape(credential.endpoint())
              + "' does not open: it was altered, or belongs to another endpoint or PSK identity;"
              + " give the endpoint a new credential, or revoke it");
    }
    return SecretBytes.useAndWipe(key, PreSharedKey::copyOf);
  }

  /**
   * Seals a secret that is no device's key, in a format of its own.
   *
   * @param context what it is bound to
   * @throws IllegalStateException if no key was activated
   */
  byte[] sealSecret(byte[] context, byte[] secret) {
    Ring now = ring();
    if (now.activeId == null) {
      throw new IllegalStateException("no sealing key was activated");
    }
    byte[] prefix = prefix(SECRET_FORMAT, now.activeId);
    return now.keys.get(now.activeId).seal(prefix, context, secret);
  }

  /**
   * Opens a secret.
   *
   * @return for the caller to wipe
   * @throws CredentialStoreException with {@code CORRUPT} if it or its context was altered; with
   *     {@code WRONG_KEY} if its sealing key is not in the ring
   */
  byte[] openSecret(byte[] context, byte[] sealed) {
    boolean isSecret = sealed.length > OVERHEAD && sealed[0] == SECRET_FORMAT;
    byte[] secret =
        isSecret
            ? key(ByteBuffer.wrap(sealed, 1, Integer.BYTES).getInt())
                .open(sealed, PREFIX_LENGTH, context)
            : null;
    if (secret == null) {
      throw new CredentialStoreException(
          Reason.CORRUPT, "a sealed secret does not open: it was altered, or moved");
    }
    return secret;
  }

  private static byte[] prefix(byte format, int keyId) {
    return ByteBuffer.allocate(PREFIX_LENGTH).put(format).putInt(keyId).array();
  }

  private static byte[] context(String endpoint, PskIdentity pskIdentity) {
    byte[] name = endpoint.getBytes(UTF_8);
    byte[] identity = pskIdentity.toBytes();
    return ByteBuffer.allocate(2 * Integer.BYTES + name.length + identity.length)
        .putInt(name.length)
        .put(name)
        .putInt(identity.length)
        .put(identity)
        .array();
  }

  private SealingKey key(int keyId) {
    SealingKey key = ring().keys.get(keyId);
    if (key == null) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY, "sealing key " + keyId + " is not in the ring");
    }
    return key;
  }

  private Ring ring() {
    Ring now = ring;
    if (now == null) {
      throw new IllegalStateException("this key sealer was destroyed");
    }
    return now;
  }

  /**
   * Forgets all keys. Java's AES keys and ciphers cannot be overwritten: what is left of them goes
   * with the next garbage collections.
   */
  synchronized void destroy() {
    ring = null;
  }

  boolean isDestroyed() {
    return ring == null;
  }

  @Override
  public String toString() {
    Ring now = ring;
    return now == null
        ? "KeySealer[destroyed]"
        : "KeySealer[keys=" + now.keys.keySet() + ", active=" + now.activeId + "]";
  }
}
