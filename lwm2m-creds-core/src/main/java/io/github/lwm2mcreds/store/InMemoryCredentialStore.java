// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.internal.CompactTable;
import io.github.lwm2mcreds.store.internal.Listeners;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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
  private final Listeners<CredentialStoreListener, RetiredCredential> listeners =
      new Listeners<>(CredentialStoreListener::credentialRetired);

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
    return Optional.ofNullable(
        table.findByIdentity(pskIdentity, InMemoryCredentialStore::credential));
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return Optional.ofNullable(table.valueOf(pskIdentity)).map(InMemoryCredentialStore::psk);
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return Optional.ofNullable(table.findByEndpoint(endpoint, InMemoryCredentialStore::credential));
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return Optional.ofNullable(table.endpointOf(pskIdentity));
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return Optional.ofNullable(table.identityOf(endpoint));
  }

  @Override
  public PutOutcome put(DeviceCredential credential) {
    return put(credential, true);
  }

  @Override
  public PutOutcome add(DeviceCredential credential) {
    return put(credential, false);
  }

  private PutOutcome put(DeviceCredential credential, boolean replacing) {
    keyPolicy.check(credential);
    String endpoint = credential.endpoint();
    PskIdentity previous;
    synchronized (table) {
      requireOwn(credential);
      previous = table.identityOf(endpoint);
      if (previous != null) {
        if (isStored(credential)) {
          return PutOutcome.UNCHANGED;
        }
        if (!replacing) {
          throw new EndpointInUseException(endpoint);
        }
      }
      SecretBytes.useAndWipe(
          credential.psk().exposeBytes(),
          key -> {
            table.put(endpoint, credential.pskIdentity(), key);
            return null;
          });
    }
    if (previous == null) {
      return PutOutcome.ADDED;
    }
    tell(endpoint, previous, Cause.REPLACED);
    return PutOutcome.REPLACED;
  }

  private void requireOwn(DeviceCredential credential) {
    String owner = table.endpointOf(credential.pskIdentity());
    if (owner != null && !owner.equals(credential.endpoint())) {
      throw new DuplicatePskIdentityException(credential.pskIdentity());
    }
  }

  private boolean isStored(DeviceCredential credential) {
    Optional<DeviceCredential> stored = findByEndpoint(credential.endpoint());
    try {
      return stored.filter(credential::equals).isPresent();
    } finally {
      stored.ifPresent(DeviceCredential::destroy);
    }
  }

  @Override
  public boolean remove(String endpoint) {
    PskIdentity previous;
    synchronized (table) {
      previous = table.identityOf(endpoint);
      table.remove(endpoint);
    }
    if (previous == null) {
      return false;
    }
    tell(endpoint, previous, Cause.REMOVED);
    return true;
  }

  private void tell(String endpoint, PskIdentity pskIdentity, Cause cause) {
    listeners.tell(new RetiredCredential(endpoint, pskIdentity, cause));
  }

  @Override
  public Stream<CredentialSummary> stream() {
    return table.inOrder(InMemoryCredentialStore::summary);
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

  private static DeviceCredential credential(
      String endpoint, PskIdentity pskIdentity, byte[] value) {
    return DeviceCredential.of(endpoint, pskIdentity, psk(value));
  }

  private static CredentialSummary summary(String endpoint, PskIdentity pskIdentity, byte[] value) {
    PreSharedKey psk = psk(value);
    try {
      return new CredentialSummary(endpoint, pskIdentity, Optional.of(psk.checkValue()));
    } finally {
      psk.destroy();
    }
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
