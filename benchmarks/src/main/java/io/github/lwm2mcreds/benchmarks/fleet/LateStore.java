// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.fleet;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.PskLookup;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Knows no key at once and each of them later, from a thread of its own. */
final class LateStore implements PskLookup {
  private final PskLookup credentials;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "late-store");
            made.setDaemon(true);
            return made;
          });

  LateStore(PskLookup credentials) {
    this.credentials = credentials;
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return CompletableFuture.supplyAsync(() -> credentials.findPsk(pskIdentity), thread);
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return credentials.findEndpoint(pskIdentity);
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
