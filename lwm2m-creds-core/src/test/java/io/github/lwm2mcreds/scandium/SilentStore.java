// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A store that tells nobody what changes. */
final class SilentStore implements PskLookup {
  final InMemoryCredentialStore inner = new InMemoryCredentialStore();
  final List<CredentialStoreListener> listeners = new CopyOnWriteArrayList<>();
  volatile boolean failing;
  volatile boolean closedKeys;

  /** Called once, by the next lookup of a key. */
  final AtomicReference<Runnable> onNextLookup = new AtomicReference<>(() -> {});

  /** What is thrown when the key of an identity is looked up. */
  final Map<PskIdentity, RuntimeException> failures = new ConcurrentHashMap<>();

  /** The identities that are looked up later, and not found before. */
  final Map<PskIdentity, CompletableFuture<Optional<PreSharedKey>>> late =
      new ConcurrentHashMap<>();

  final Set<PskIdentity> askedLater = ConcurrentHashMap.newKeySet();

  /** Tells what it did not tell by itself. */
  void tellRetired(DeviceCredential credential) {
    RetiredCredential retired =
        new RetiredCredential(
            credential.endpoint(), credential.pskIdentity(), RetiredCredential.Cause.REMOVED);
    listeners.forEach(listener -> listener.credentialRetired(retired));
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    onNextLookup.getAndSet(() -> {}).run();
    if (failing) {
      throw new CredentialStoreException(Reason.UNAVAILABLE, "out of reach");
    }
    RuntimeException failure = failures.get(pskIdentity);
    if (failure != null) {
      throw failure;
    }
    return closedKeys || late.containsKey(pskIdentity)
        ? Optional.empty()
        : inner.findPsk(pskIdentity);
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    askedLater.add(pskIdentity);
    CompletionStage<Optional<PreSharedKey>> answer = late.get(pskIdentity);
    return answer == null ? inner.findPskLater(pskIdentity) : answer;
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return inner.findEndpoint(pskIdentity);
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }
}
