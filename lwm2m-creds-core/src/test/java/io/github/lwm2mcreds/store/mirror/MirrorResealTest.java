// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A mirror loads a store anew once that was resealed, and misses nothing by it. */
class MirrorResealTest {
  private final InMemoryEngine other = new InMemoryEngine();
  private final AtomicBoolean resealed = new AtomicBoolean();
  private final List<RetiredCredential> told = new CopyOnWriteArrayList<>();

  /** Says once that the store was resealed; a device is revoked before the mirror loads it. */
  private final class Resealed extends InMemoryEngine {
    Resealed() {
      super(other, new Faults());
    }

    @Override
    public Optional<Changes> changesAfter(Position position, Position seen) {
      return super.changesAfter(position, seen)
          .map(changes -> resealed.get() ? replaced(changes) : changes);
    }

    private Changes replaced(Changes changes) {
      return new Changes(
          changes.position(),
          changes.end(),
          changes.endpoints(),
          changes.credentials(),
          changes.rotations(),
          changes.revocations(),
          changes.retired(),
          KeyChange.REPLACED);
    }

    @Override
    public Snapshot load(Optional<Position> since, Consumer<SealedCredential> credentials) {
      if (resealed.compareAndSet(true, false)) {
        other.revoke("a", "stolen");
      }
      return super.load(since, credentials);
    }
  }

  @Test
  void follow_revokedBetweenTheResealAndTheReload_isTold() {
    other.put(credential("a", 1));
    try (MirroredCredentialStore mirror =
        MirroredCredentialStore.builder(new Resealed()).interval(Duration.ofMillis(1)).build()) {
      mirror.addListener(told::add);

      resealed.set(true);

      await()
          .until(
              () ->
                  told.equals(
                      List.of(new RetiredCredential("a", PskIdentity.of("a"), Cause.REVOKED))));
    }
  }
}
