// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason;
import io.github.lwm2mcreds.store.StoreEngine;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Brings a running Leshan server, which has a security store of its own, to the state of a
 * credential store: {@link #plan} tells what that takes, and {@link #carryOut} does it.
 *
 * <ul>
 *   <li>What the store has, the server gets; another key or PSK identity is replaced.
 *   <li>A revoked endpoint is removed, in whatever mode and with whatever key the server has it. If
 *       the API cannot remove its name, it gets a random key that nobody knows.
 *   <li>What the store had once and has no more is removed if the server has just that credential,
 *       which the store's audit trail tells by PSK identity and check value.
 *   <li>Everything else on the server is somebody else's and stays, unless {@link
 *       Builder#deleteUnknown} is called.
 *   <li>During a rotation both credentials are good, and a server can hold one. The one it has
 *       stays; if it has neither it gets the current one, which is what the device surely has. It
 *       gets the next one when the rotation has ended in the store.
 *   <li>An endpoint of the store that the server secures in another mode is left as it is.
 * </ul>
 *
 * <p>No state is kept anywhere else: a run that was stopped is finished by the next one, and one
 * that follows finds nothing to do. Whoever else changes the server meanwhile may be overwritten.
 */
public final class ServerSync {
  private static final int MAX_PARALLEL = 64;

  private final LeshanSecurityApi api;
  private final StoreEngine store;
  private final boolean deletesUnknown;
  private final int parallel;

  private ServerSync(Builder builder) {
    this.api = builder.api;
    this.store = builder.store;
    this.deletesUnknown = builder.deletesUnknown;
    this.parallel = builder.parallel;
  }

  /**
   * Starts describing a synchronisation.
   *
   * @param api the server
   * @param store stays the caller's, and is only read
   * @return a builder
   */
  public static Builder builder(LeshanSecurityApi api, StoreEngine store) {
    return new Builder(api, store);
  }

  /**
   * Compares the server with the store, and changes nothing. Keys are compared one at a time and
   * destroyed; some hundred bytes are kept for each endpoint. With a server that gives no keys,
   * their check values are compared.
   *
   * @return what it takes to bring the server to the store's state
   * @throws SecurityApiException if the server could not be asked, or its answer is not a list
   * @throws io.github.lwm2mcreds.store.CredentialStoreException if the store cannot be read
   */
  public SyncPlan plan() throws SecurityApiException {
    KeyTags tags = new KeyTags();
    SyncPlanning planning =
        new SyncPlanning(
            StoreContent.read(store, tags), tags, api::requireSendable, deletesUnknown);
    api.forEach(planning::with);
    return planning.finish(store);
  }

  /**
   * Carries out a plan: removes first, what is revoked before all else, and puts a credential only
   * after the endpoint that has its PSK identity has given it up. What one device causes is told
   * and does not keep the others; what the store has changed since the plan was made is respected.
   *
   * @param plan what to do
   * @param results called for each step that changes the server, by one thread at a time
   * @throws SecurityApiException if the server cannot be reached, or failed many times in a row;
   *     the steps that were not told of were not tried. With {@link Reason#INTERRUPTED} if this
   *     thread was interrupted, which ends the run
   * @throws io.github.lwm2mcreds.store.CredentialStoreException if the store cannot be read
   */
  public void carryOut(SyncPlan plan, Consumer<SyncResult> results) throws SecurityApiException {
    int threads = Math.min(parallel, plan.chains().size());
    if (threads == 0) {
      return;
    }
    SyncRun run = new SyncRun(api, store, plan, results);
    ExecutorService executor = Executors.newFixedThreadPool(threads, ServerSync::thread);
    try {
      for (Future<Void> done : executor.invokeAll(Collections.nCopies(threads, run))) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException | CancellationException e) {
      Thread.currentThread().interrupt();
      throw new SecurityApiException(
          Reason.INTERRUPTED, "interrupted; the same synchronisation, run again, does the rest");
    } finally {
      executor.shutdownNow();
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "lwm2m-creds sync");
    thread.setDaemon(true);
    return thread;
  }

  private static SecurityApiException failure(Throwable cause) {
    if (cause instanceof SecurityApiException known) {
      return known;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) cause;
  }

  /** Describes a synchronisation. */
  public static final class Builder {
    private final LeshanSecurityApi api;
    private final StoreEngine store;
    private boolean deletesUnknown;
    private int parallel = 4;

    private Builder(LeshanSecurityApi api, StoreEngine store) {
      this.api = Objects.requireNonNull(api, "api");
      this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Removes pre-shared keys from the server that the store never had, too. Endpoints in other
     * security modes, of which a store of pre-shared keys knows nothing, stay.
     *
     * @return this builder
     */
    public Builder deleteUnknown() {
      this.deletesUnknown = true;
      return this;
    }

    /**
     * Sets how many requests are under way at a time.
     *
     * @param requests 1 to 64; 4 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder parallel(int requests) {
      if (requests < 1 || requests > MAX_PARALLEL) {
        throw new IllegalArgumentException(
            "1 to " + MAX_PARALLEL + " requests can be under way at a time, not " + requests);
      }
      this.parallel = requests;
      return this;
    }

    /**
     * Builds the synchronisation; nothing is read or sent yet.
     *
     * @return the synchronisation
     */
    public ServerSync build() {
      return new ServerSync(this);
    }
  }
}
