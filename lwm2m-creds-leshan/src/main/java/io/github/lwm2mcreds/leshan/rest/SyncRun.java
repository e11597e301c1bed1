// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason;
import io.github.lwm2mcreds.leshan.rest.SyncPlan.Chain;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Cause;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Carries out a plan, with any number of threads that each {@link #call} it. */
final class SyncRun implements Callable<Void> {
  /** A server that answers nobody is not asked a million times. */
  private static final int MAX_FAILURES_IN_A_ROW = 20;

  private static final int RANDOM_KEY_LENGTH = 16;
  private static final String HAS_CREDENTIAL = "the store has a credential for it by now";
  private static final String HAS_NONE = "the store has no credential for it any more";

  private final LeshanSecurityApi api;
  private final CredentialStore store;
  private final Queue<Chain> chains;
  private final Consumer<SyncResult> results;
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile boolean stopped;

  /**
   * Prepares a run.
   *
   * @param results told of each step, by one thread at a time
   */
  SyncRun(
      LeshanSecurityApi api, CredentialStore store, SyncPlan plan, Consumer<SyncResult> results) {
    this.api = api;
    this.store = store;
    this.chains = new ConcurrentLinkedQueue<>(plan.chains());
    this.results = results;
  }

  @Override
  public Void call() throws SecurityApiException {
    boolean isComplete = false;
    try {
      for (Chain next = chains.poll(); next != null && !stopped; next = chains.poll()) {
        carryOut(next);
      }
      isComplete = true;
    } finally {
      stopped |= !isComplete;
    }
    return null;
  }

  private void carryOut(Chain chain) throws SecurityApiException {
    String before = chain.isCycle() ? takeOff(chain) : "";
    for (SyncStep step : chain.steps()) {
      SyncResult result =
          before.isEmpty()
              ? attempt(step)
              : SyncResult.failed(step, "the PSK identity is not free yet: " + before);
      tell(result);
      before = result.outcome() == SyncResult.Outcome.DONE ? "" : result.problem().orElse("");
    }
  }

  /** Takes one off the server whose identity the others wait for; it is put again as the last. */
  private String takeOff(Chain chain) throws SecurityApiException {
    SyncStep last = chain.steps().get(chain.steps().size() - 1);
    try {
      api.remove(last.endpoint());
      return "";
    } catch (SecurityApiException e) {
      requireGoingOn(e);
      return e.getMessage();
    }
  }

  private void tell(SyncResult result) {
    synchronized (results) {
      results.accept(result);
    }
  }

  private SyncResult attempt(SyncStep step) throws SecurityApiException {
    try {
      SyncResult result =
          switch (step.action()) {
            case REMOVE -> remove(step);
            case LOCK -> lock(step);
            default -> put(step);
          };
      failuresInARow.set(0);
      return result;
    } catch (SecurityApiException e) {
      requireGoingOn(e);
      return SyncResult.failed(step, e.getMessage());
    } catch (CredentialStoreException e) {
      if (!e.isUnopenedKey()) {
        throw e;
      }
      return SyncResult.failed(step, e.getMessage());
    }
  }

  private SyncResult remove(SyncStep step) throws SecurityApiException {
    if (store.hasCredential(step.endpoint())) {
      return SyncResult.overtaken(step, HAS_CREDENTIAL);
    }
    try {
      api.remove(step.endpoint());
      return SyncResult.done(step);
    } catch (SecurityApiException e) {
      if (step.cause() != Cause.REVOKED || e.reason() != Reason.REJECTED) {
        throw e;
      }
      lock(step); // a revocation is to hold on the server, too
      return SyncResult.failed(step, e.getMessage() + "; its key there is a random one now");
    }
  }

  /** Puts a key that nobody knows where one that was revoked cannot be removed. */
  private SyncResult lock(SyncStep step) throws SecurityApiException {
    if (store.hasCredential(step.endpoint())) {
      return SyncResult.overtaken(step, HAS_CREDENTIAL);
    }
    byte[] random = new byte[RANDOM_KEY_LENGTH];
    new SecureRandom().nextBytes(random);
    DeviceCredential lock =
        DeviceCredential.of(
            step.endpoint(),
            step.pskIdentity().orElseGet(() -> PskIdentity.of(step.endpoint())),
            SecretBytes.useAndWipe(random, PreSharedKey::copyOf));
    try {
      api.overwrite(lock);
      return SyncResult.done(step);
    } finally {
      lock.destroy();
    }
  }

  private SyncResult put(SyncStep step) throws SecurityApiException {
    Optional<DeviceCredential> credential = store.findByEndpoint(step.endpoint());
    if (credential.isEmpty()) {
      return SyncResult.overtaken(step, HAS_NONE);
    }
    try {
      api.put(credential.get());
    } finally {
      credential.get().destroy();
    }
    if (store.hasCredential(step.endpoint())) {
      return SyncResult.done(step);
    }
    api.remove(step.endpoint()); // revoked between the two
    return SyncResult.overtaken(step, HAS_NONE);
  }

  /** Goes on after what one device may have caused, unless it happens to all of them. */
  private void requireGoingOn(SecurityApiException e) throws SecurityApiException {
    switch (e.reason()) {
      case UNSENDABLE, UNREMOVABLE, IDENTITY_IN_USE, REJECTED -> failuresInARow.set(0);
      case UNKNOWN_HOST, UNREACHABLE, TLS_FAILED, INTERRUPTED -> throw e;
      default -> {
        if (failuresInARow.incrementAndGet() >= MAX_FAILURES_IN_A_ROW) {
          throw e;
        }
      }
    }
  }
}
