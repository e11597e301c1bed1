package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.security.auth.Destroyable;

/**
 * Seals devices' keys for a database: with AES-256-GCM (NIST SP 800-38D), under one of a ring of
 * store keys. The active one seals; the others open what was sealed before they were replaced.
 *
 * <p>A sealed key is, in bytes:
 *
 * <table>
 * <caption>33 bytes more than the key</caption>
 * <tr><th scope="col">offset</th><th scope="col">size</th><th scope="col">content</th></tr>
 * <tr><td>0</td><td>1</td><td>format: 1</td></tr>
 * <tr><td>1</td><td>4</td><td>id of the store key, big endian</td></tr>
 * <tr><td>5</td><td>12</td><td>nonce</td></tr>
 * <tr><td>17</td><td>1–64</td><td>the device's key, encrypted</td></tr>
 * <tr><td>17 + key</td><td>16</td><td>tag</td></tr>
 * </table>
 *
 * <p>Authenticated with it are format and id, and the endpoint in UTF-8 and the PSK identity, each
 * after its length in 4 bytes, big endian: what was copied to another device's row does not open.
 *
 * <p>Nonces are random, so one store key should seal at most 2<sup>32</sup> times (SP 800-38D
 * §8.3). Any number of threads may use a sealer.
 */
public final class KeySealer implements Destroyable {
  /** How much longer a sealed key is than the key: 33 bytes. */
  public static final int OVERHEAD = 1 + Integer.BYTES + AesGcm.OVERHEAD;

  private static final byte FORMAT = 1;
  private static final int PREFIX_LENGTH = 1 + Integer.BYTES;

  private record Ring(Map<Integer, StoreKey> keys, Integer activeId) {}

  /** Replaced, never changed; null once destroyed. */
  private volatile Ring ring = new Ring(Map.of(), null);

  /** Makes a sealer without keys. */
  public KeySealer() {}

  /**
   * Makes a new random store key and takes it into the ring. It seals nothing until it is
   * {@linkplain #activate activated}: by then whoever is to open must be able to get it.
   *
   * @param keyId its id, not in the ring yet
   * @param wrapper wraps it
   * @return the wrapped key, to be kept; no secret
   * @throws CredentialStoreException if it cannot be wrapped
   * @throws IllegalArgumentException if the id is in the ring
   */
  public byte[] addNewKey(int keyId, KeyWrapper wrapper) {
    byte[] key = AesGcm.randomBytes(StoreKey.LENGTH);
    try {
      byte[] wrapped = call(wrapper::wrap, key);
      addKey(keyId, key);
      return wrapped;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Takes a store key into the ring.
   *
   * @param keyId its id, not in the ring yet
   * @param wrapped the wrapped key
   * @param wrapper unwraps it
   * @throws CredentialStoreException if it cannot be unwrapped
   * @throws IllegalArgumentException if the id is in the ring
   */
  public void addKey(int keyId, byte[] wrapped, KeyWrapper wrapper) {
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
      throw new CredentialStoreException(Reason.WRONG_KEY, "the key wrapper gave nothing");
    }
    return result;
  }

  /** Takes a store key in clear into the ring; the caller wipes it. */
  synchronized void addKey(int keyId, byte[] key) {
    if (key.length != StoreKey.LENGTH) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY,
          "store key " + keyId + " has " + key.length + " bytes instead of " + StoreKey.LENGTH);
    }
    Ring now = ring();
    Map<Integer, StoreKey> keys = new HashMap<>(now.keys);
    if (keys.putIfAbsent(keyId, new StoreKey(key)) != null) {
      throw new IllegalArgumentException("store key " + keyId + " is in the ring already");
    }
    ring = new Ring(Map.copyOf(keys), now.activeId);
  }

  /**
   * Wraps a store key once more, for another wrapping key.
   *
   * @param keyId the id of a key in the ring
   * @param wrapper wraps it
   * @return the wrapped key; no secret
   * @throws CredentialStoreException if it is not in the ring or cannot be wrapped
   */
  public byte[] wrapKey(int keyId, KeyWrapper wrapper) {
    return key(keyId).wrap(wrapper);
  }

  /**
   * Makes a store key the one to seal with.
   *
   * @param keyId the id of a key in the ring
   * @throws CredentialStoreException with {@code WRONG_KEY} if it is not in the ring
   */
  public synchronized void activate(int keyId) {
    key(keyId);
    ring = new Ring(ring().keys, keyId);
  }

  /**
   * Takes a store key out of the ring: what it sealed does not open any more.
   *
   * @param keyId the id of a key that is not the active one
   * @throws IllegalArgumentException if it is the active one
   */
  public synchronized void removeKey(int keyId) {
    Ring now = ring();
    if (now.activeId != null && now.activeId == keyId) {
      throw new IllegalArgumentException("store key " + keyId + " is the active one");
    }
    Map<Integer, StoreKey> keys = new HashMap<>(now.keys);
    keys.remove(keyId);
    ring = new Ring(Map.copyOf(keys), now.activeId);
  }

  /**
   * Says which store key seals.
   *
   * @return the id
   * @throws IllegalStateException if none was activated
   */
  public int activeKeyId() {
    return activeKeyId(ring());
  }

  private static int activeKeyId(Ring ring) {
    if (ring.activeId == null) {
      throw new IllegalStateException("no store key was activated");
    }
    return ring.activeId;
  }

  /** Whether a store key is the one that seals. */
  boolean isActive(int keyId) {
    Integer active = ring().activeId;
    return active != null && active == keyId;
  }

  /**
   * Says which store keys there are.
   *
   * @return their ids
   */
  public Set<Integer> keyIds() {
    return ring().keys.keySet();
  }

  /**
   * Says whether a store key is in the ring.
   *
   * @param keyId an id, such as a {@linkplain #keyId sealed key's}
   * @return whether what it sealed can be opened
   */
  public boolean hasKey(int keyId) {
    return ring().keys.containsKey(keyId);
  }

  /**
   * Says which store key sealed something.
   *
   * @param sealed a sealed key
   * @return the id it claims
   * @throws CredentialStoreException with {@code CORRUPT} if it is no sealed key
   */
  public static int keyId(byte[] sealed) {
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
              + ": it is damaged, or of a newer version of this library");
    }
    return ByteBuffer.wrap(sealed, 1, Integer.BYTES).getInt();
  }

  /**
   * Seals a device's key under the active store key.
   *
   * @param endpoint the LwM2M endpoint client name
   * @param pskIdentity the key's PSK identity
   * @param psk the key
   * @return the sealed key, another one every time
   * @throws IllegalStateException if no store key was activated, or the key was destroyed
   */
  public byte[] seal(String endpoint, PskIdentity pskIdentity, PreSharedKey psk) {
    byte[] key = psk.exposeBytes();
    try {
      return seal(endpoint.getBytes(UTF_8), pskIdentity.toBytes(), key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Seals a key in clear, which the caller wipes; the endpoint is in UTF-8. */
  byte[] seal(byte[] endpoint, byte[] identity, byte[] key) {
    Ring now = ring();
    int keyId = activeKeyId(now);
    byte[] prefix = ByteBuffer.allocate(PREFIX_LENGTH).put(FORMAT).putInt(keyId).array();
    return now.keys.get(keyId).seal(prefix, context(endpoint, identity), key);
  }

  /**
   * Opens a device's key.
   *
   * @param endpoint the endpoint it was sealed for
   * @param pskIdentity the PSK identity it was sealed for
   * @param sealed the sealed key
   * @return the key
   * @throws CredentialStoreException with {@code CORRUPT} if it was altered, or sealed for another
   *     endpoint or identity; with {@code WRONG_KEY} if its store key is not in the ring
   */
  public PreSharedKey open(String endpoint, PskIdentity pskIdentity, byte[] sealed) {
    byte[] key = open(endpoint.getBytes(UTF_8), pskIdentity.toBytes(), sealed);
    try {
      return PreSharedKey.copyOf(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Gives the key in clear, which the caller wipes; the endpoint is in UTF-8. */
  byte[] open(byte[] endpoint, byte[] identity, byte[] sealed) {
    byte[] key = key(keyId(sealed)).open(sealed, PREFIX_LENGTH, context(endpoint, identity));
    if (key == null) {
      throw new CredentialStoreException(
          Reason.CORRUPT,
          "the sealed key of endpoint '"
              + Printable.escape(new String(endpoint, UTF_8))
              + "' does not open: it was altered, or belongs to another endpoint or PSK identity;"
              + " revoking the endpoint takes it away");
    }
    return key;
  }

  private static byte[] context(byte[] endpoint, byte[] identity) {
    return ByteBuffer.allocate(2 * Integer.BYTES + endpoint.length + identity.length)
        .putInt(endpoint.length)
        .put(endpoint)
        .putInt(identity.length)
        .put(identity)
        .array();
  }

  private StoreKey key(int keyId) {
    StoreKey key = ring().keys.get(keyId);
    if (key == null) {
      throw new CredentialStoreException(
          Reason.WRONG_KEY, "store key " + keyId + " is not in the ring");
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
   * Forgets all store keys. Java's AES keys and ciphers cannot be overwritten: what is left of them
   * goes with the next garbage collections.
   */
  @Override
  public synchronized void destroy() {
    ring = null;
  }

  @Override
  public boolean isDestroyed() {
    return ring == null;
  }

  /**
   * Describes the ring without its keys.
   *
   * @return the ids, and which one is active
   */
  @Override
  public String toString() {
    Ring now = ring;
    return now == null
        ? "KeySealer[destroyed]"
        : "KeySealer[keys=" + now.keys.keySet() + ", active=" + now.activeId + "]";
  }
}
