package io.github.lwm2mcreds.benchmarks.fleet;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Knows no key at once and each of them later, from a thread of its own. */
final class LateStore implements CredentialStore {
  private final CredentialStore credentials = new InMemoryCredentialStore();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "late-store");
            made.setDaemon(true);
            return made;
          });

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return CompletableFuture.supplyAsync(() -> credentials.findPsk(pskIdentity), thread);
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return credentials.findByPskIdentity(pskIdentity);
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return credentials.findByEndpoint(endpoint);
  }

  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    return credentials.put(credential);
  }

  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    return credentials.remove(endpoint);
  }

  @Override
  public Stream<DeviceCredential> stream() {
    return credentials.stream();
  }

  @Override
  public long size() {
    return credentials.size();
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    credentials.addListener(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    credentials.removeListener(listener);
  }
}
