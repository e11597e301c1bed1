// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.PskLookup;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A store that has to look further for some identities, until the test says what it found. */
final class LateStore implements PskLookup {
  final CredentialStore inner = new InMemoryCredentialStore();
  final Map<CredentialStoreListener, Boolean> listeners = new ConcurrentHashMap<>();
  private final Map<PskIdentity, CompletableFuture<Optional<PreSharedKey>>> late =
      new ConcurrentHashMap<>();
  private final Map<PskIdentity, Boolean> asked = new ConcurrentHashMap<>();

  private volatile OnFound onFound = identity -> {};

  /** What happens between finding a key and giving it. */
  interface OnFound {
    void found(PskIdentity identity) throws InterruptedException;
  }

  void onFound(OnFound action) {
    onFound = action;
  }

  /** Makes the store answer later for an identity, with what completes the returned future. */
  CompletableFuture<Optional<PreSharedKey>> answerLater(String identity) {
    return answerLater(PskIdentity.of(identity));
  }

  CompletableFuture<Optional<PreSharedKey>> answerLater(PskIdentity identity) {
    CompletableFuture<Optional<PreSharedKey>> answer = new CompletableFuture<>();
    late.put(identity, answer);
    return answer;
  }

  boolean wasAsked(String identity) {
    return asked.containsKey(PskIdentity.of(identity));
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    CompletableFuture<?> answer = late.get(pskIdentity);
    if (answer != null && !answer.isDone()) {
      return Optional.empty();
    }
    Optional<PreSharedKey> found = inner.findPsk(pskIdentity);
    try {
      onFound.found(pskIdentity);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    CompletionStage<Optional<PreSharedKey>> answer = late.get(pskIdentity);
    asked.put(pskIdentity, true);
    return answer == null ? CompletableFuture.completedStage(Optional.empty()) : answer;
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return inner.findEndpoint(pskIdentity);
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.put(listener, true);
    inner.addListener(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
    inner.removeListener(listener);
  }
}
