package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.Rotation;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A store in the heap that rotates and revokes, for servers to be tested with. */
class RotatingTestStore implements ManagedCredentialStore {
  /** What {@link #confirm} was called with. */
  final List<PskIdentity> confirmed = new CopyOnWriteArrayList<>();

  private final Map<String, DeviceCredential> current = new HashMap<>();
  private final Map<String, DeviceCredential> next = new HashMap<>();
  private final List<CredentialStoreListener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public synchronized Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return Stream.concat(current.values().stream(), next.values().stream())
        .filter(credential -> credential.pskIdentity().equals(pskIdentity))
        .map(RotatingTestStore::copy)
        .findAny();
  }

  @Override
  public synchronized Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return Optional.ofNullable(current.get(endpoint)).map(RotatingTestStore::copy);
  }

  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    DeviceCredential previous;
    synchronized (this) {
      previous = current.put(credential.endpoint(), copy(credential));
    }
    tell(previous, Cause.REPLACED);
    return Optional.ofNullable(previous);
  }

  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    return takeAway(endpoint, Cause.REMOVED);
  }

  @Override
  public boolean revoke(String endpoint, String reason) {
    return takeAway(endpoint, Cause.REVOKED).isPresent();
  }

  private Optional<DeviceCredential> takeAway(String endpoint, Cause cause) {
    DeviceCredential removed;
    DeviceCredential removedNext;
    synchronized (this) {
      removed = current.remove(endpoint);
      removedNext = next.remove(endpoint);
    }
    tell(removed, cause);
    tell(removedNext, cause);
    return Optional.ofNullable(removed);
  }

  @Override
  public synchronized void rotate(DeviceCredential credential, Instant deadline) {
    next.put(credential.endpoint(), copy(credential));
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    confirmed.add(pskIdentity);
    DeviceCredential old = null;
    synchronized (this) {
      Optional<DeviceCredential> came =
          next.values().stream().filter(c -> c.pskIdentity().equals(pskIdentity)).findAny();
      if (came.isPresent()) {
        next.remove(came.get().endpoint());
        old = current.put(came.get().endpoint(), came.get());
      }
    }
    tell(old, Cause.REPLACED);
    return old != null;
  }

  private void tell(DeviceCredential credential, Cause cause) {
    if (credential != null) {
      RetiredCredential retired =
          new RetiredCredential(credential.endpoint(), credential.pskIdentity(), cause);
      listeners.forEach(listener -> listener.credentialRetired(retired));
    }
  }

  private static DeviceCredential copy(DeviceCredential credential) {
    return DeviceCredential.of(
        credential.endpoint(),
        credential.pskIdentity(),
        PreSharedKey.copyOf(credential.psk().exposeBytes()));
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  int listeners() {
    return listeners.size();
  }

  @Override
  public synchronized Stream<DeviceCredential> stream() {
    return List.copyOf(current.values()).stream().map(RotatingTestStore::copy);
  }

  @Override
  public synchronized long size() {
    return current.size();
  }

  @Override
  public int putAll(Collection<DeviceCredential> credentials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int addAll(Collection<DeviceCredential> credentials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<DeviceCredential> reinstate(DeviceCredential credential) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<Rotation> rotations() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<Revocation> revocations() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // there is nothing to end
  }
}
