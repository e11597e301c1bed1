package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** As much of a managed store as others build upon: it revokes. */
final class ManagedStoreFake implements ManagedCredentialStore {
  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final Map<String, Revocation> revocations = new HashMap<>();
  private final Listeners listeners = new Listeners();

  /** What {@link #findPskLater} finds. */
  final Map<PskIdentity, PreSharedKey> later = new HashMap<>();

  @Override
  public boolean revoke(String endpoint, String reason) {
    revocations.put(endpoint, new Revocation(endpoint, Optional.empty(), Instant.EPOCH, reason));
    Optional<DeviceCredential> removed = store.remove(endpoint);
    PskIdentity identity =
        removed.map(DeviceCredential::pskIdentity).orElseGet(() -> PskIdentity.of(endpoint));
    listeners.tell(new RetiredCredential(endpoint, identity, Cause.REVOKED));
    return removed.isPresent();
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    return Optional.ofNullable(revocations.get(endpoint));
  }

  @Override
  public int addAll(Collection<DeviceCredential> credentials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<DeviceCredential> reinstate(DeviceCredential credential) {
    revocations.remove(credential.endpoint());
    return store.put(credential);
  }

  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    findRevocation(credential.endpoint())
        .ifPresent(
            revocation -> {
              throw new RevokedCredentialException(credential.endpoint(), revocation);
            });
    return store.put(credential);
  }

  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    return store.remove(endpoint);
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return store.findByPskIdentity(pskIdentity);
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return CompletableFuture.completedStage(Optional.ofNullable(later.get(pskIdentity)));
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return store.findByEndpoint(endpoint);
  }

  @Override
  public Stream<DeviceCredential> stream() {
    return store.stream();
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  @Override
  public int putAll(Collection<DeviceCredential> credentials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void rotate(DeviceCredential next, Instant deadline) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<Rotation> rotations() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<Revocation> revocations() {
    return revocations.values().stream();
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // nothing is open
  }
}
