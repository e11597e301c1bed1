package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A store in the heap, lost when the process ends. Readers never wait, whatever writers do; keys
 * that are replaced or removed are overwritten at once.
 *
 * <p>A device takes the length of its endpoint, identity (unless it is the endpoint) and key, 3
 * bytes and rounding to 4, and 12 to 24 bytes for each of endpoint and identity to be found by;
 * there is no object for each.
 */
public final class InMemoryCredentialStore implements CredentialStore {
  private final CompactTable table = new CompactTable();
  private final KeyPolicy keyPolicy;
  private final Listeners listeners = new Listeners();

  /** Makes an empty store that takes strong keys only. */
  public InMemoryCredentialStore() {
    this(KeyPolicy.strict());
  }

  /**
   * Makes an empty store.
   *
   * @param keyPolicy which keys it takes
   */
  public InMemoryCredentialStore(KeyPolicy keyPolicy) {
    this.keyPolicy = Objects.requireNonNull(keyPolicy, "keyPolicy");
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return credential(table.findByIdentity(pskIdentity.toBytes()));
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return Optional.ofNullable(table.valueOfIdentity(pskIdentity.toBytes()))
        .map(InMemoryCredentialStore::psk);
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return credential(table.findByEndpoint(keyOf(endpoint)));
  }

  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    keyPolicy.check(credential);
    byte[] endpoint = credential.endpoint().getBytes(UTF_8);
    byte[] identity = credential.pskIdentity().toBytes();
    byte[] key = credential.psk().exposeBytes();
    CompactTable.Entry previous;
    try {
      synchronized (table) {
        requireOwn(identity, endpoint);
        previous = table.findByEndpoint(endpoint);
        if (previous != null
            && Arrays.equals(previous.identity(), identity)
            && MessageDigest.isEqual(previous.value(), key)) {
          return credential(previous);
        }
        table.put(endpoint, identity, key);
      }
    } finally {
      Arrays.fill(key, (byte) 0);
    }
    return retired(previous, Cause.REPLACED);
  }

  private void requireOwn(byte[] identity, byte[] endpoint) {
    CompactTable.Entry owner = table.findByIdentity(identity);
    if (owner != null) {
      owner.wipe();
      if (!Arrays.equals(owner.endpoint(), endpoint)) {
        throw new DuplicatePskIdentityException(PskIdentity.ofBytes(identity));
      }
    }
  }

  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    byte[] key = keyOf(endpoint);
    CompactTable.Entry previous;
    synchronized (table) {
      previous = table.findByEndpoint(key);
      table.remove(key);
    }
    return retired(previous, Cause.REMOVED);
  }

  /** UTF-8; of text that has none, which Java would make another's of, the key of no endpoint. */
  private static byte[] keyOf(String endpoint) {
    byte[] key = endpoint.getBytes(UTF_8);
    return new String(key, UTF_8).equals(endpoint) ? key : new byte[0];
  }

  private Optional<DeviceCredential> retired(CompactTable.Entry previous, Cause cause) {
    Optional<DeviceCredential> credential = credential(previous);
    credential.ifPresent(
        c -> listeners.tell(new RetiredCredential(c.endpoint(), c.pskIdentity(), cause)));
    return credential;
  }

  @Override
  public Stream<DeviceCredential> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(table.iterator(), Spliterator.NONNULL), false)
        .map(entry -> credential(entry).orElseThrow());
  }

  @Override
  public long size() {
    return table.size();
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  private static Optional<DeviceCredential> credential(CompactTable.Entry entry) {
    if (entry == null) {
      return Optional.empty();
    }
    return Optional.of(
        DeviceCredential.of(
            new String(entry.endpoint(), UTF_8),
            PskIdentity.ofBytes(entry.identity()),
            psk(entry.value())));
  }

  /** Makes a key of bytes that nobody else holds, and wipes them. */
  private static PreSharedKey psk(byte[] value) {
    try {
      return PreSharedKey.copyOf(value);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  /**
   * Describes the store without its content.
   *
   * @return the number of credentials and the key policy
   */
  @Override
  public String toString() {
    return "InMemoryCredentialStore[size=" + size() + ", " + keyPolicy + "]";
  }
}
