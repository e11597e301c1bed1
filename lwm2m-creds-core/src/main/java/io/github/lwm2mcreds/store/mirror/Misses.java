// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Those who wait for an identity that a mirror does not know. They wait for the mirror to be
 * brought up to date, all together, so however many there are the database is asked once.
 */
final class Misses {
  private record Waiting(PskIdentity identity, CompletableFuture<Optional<PreSharedKey>> answer) {}

  private final BlockingQueue<Waiting> waiting;
  private final UnknownIdentities unknown;
  private final Duration timeout;

  Misses(int maxWaiting, Duration timeout, Duration memory) {
    this.waiting = new LinkedBlockingQueue<>(maxWaiting);
    this.unknown = new UnknownIdentities(memory.toNanos());
    this.timeout = timeout;
  }

  /** Lets somebody wait; answers at once where waiting would be in vain, or for too many. */
  CompletionStage<Optional<PreSharedKey>> add(PskIdentity identity) {
    CompletableFuture<Optional<PreSharedKey>> answer = new CompletableFuture<>();
    if (unknown.contains(identity, System.nanoTime())
        || !waiting.offer(new Waiting(identity, answer))) {
      answer.complete(Optional.empty());
      return answer;
    }
    return answer.completeOnTimeout(Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Those who wait by now; the mirror is brought up to date after this, and then they are told. */
  Round begin() {
    List<Waiting> all = new ArrayList<>();
    waiting.drainTo(all);
    return new Round(all);
  }

  /** Those who wait for one update. */
  final class Round {
    private final List<Waiting> all;

    private Round(List<Waiting> all) {
      this.all = all;
    }

    /** Answers from a mirror that is up to date. */
    void answer(Function<PskIdentity, Optional<PreSharedKey>> find) {
      for (Waiting each : all) {
        Optional<PreSharedKey> found = find.apply(each.identity);
        if (found.isEmpty()) {
          unknown.add(each.identity, System.nanoTime());
        }
        if (!each.answer.complete(found)) {
          found.ifPresent(PreSharedKey::destroy);
        }
      }
    }

    /** Answers that nothing is known, as the database cannot be asked. */
    void giveUp() {
      all.forEach(each -> each.answer.complete(Optional.empty()));
    }
  }
}
