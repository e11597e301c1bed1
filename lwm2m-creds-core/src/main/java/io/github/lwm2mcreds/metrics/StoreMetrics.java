// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The meters of the store that a server follows. None asks the database when it is read.
 *
 * <pre>{@code
 * MirroredCredentialStore store = MirroredCredentialStore.of(database);
 * new StoreMetrics(store).bindTo(registry);
 * }</pre>
 *
 * <table>
 *   <caption>Meters, all of them gauges</caption>
 *   <tr><th>name</th><th>unit</th><th>what it is</th></tr>
 *   <tr><td>{@code lwm2m.creds.store.credentials}</td><td></td>
 *       <td>Endpoints that have a credential. Derived keys are not stored, and not counted here or
 *       below.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.following}</td><td></td>
 *       <td>1 if the mirror could follow its database when it last tried; 0 if it has lost
 *       it.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.lag}</td><td>seconds</td>
 *       <td>How long ago the mirror last knew that it had all that the store holds.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.position}</td><td></td>
 *       <td>The number of the last change that the mirror has; the servers of one store can be
 *       compared by it.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.behind}</td><td></td>
 *       <td>Changes that the mirror knows of and has not yet.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.admits.newcomers}</td><td></td>
 *       <td>0 if devices that connect are refused because the mirror may be behind for too long,
 *       see {@link MirroredCredentialStore.Builder#refuseNewcomersAfter}; else 1.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.rotations}</td><td></td><td>Rotations under way.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.keys.unopened}</td><td></td>
 *       <td>Sealed keys that do not open.</td></tr>
 *   <tr><td>{@code lwm2m.creds.store.keys.oldest.age}</td><td>seconds</td>
 *       <td>How long ago the device got its key that has had the same one for the
 *       longest.</td></tr>
 * </table>
 *
 * <p>The last two take long to find out. They are found out on a thread of their own, when they are
 * bound and later when somebody reads them, at most once a minute. Until then they are not a
 * number. The oldest key is looked for in the store's history; if there is no key, its age is not a
 * number.
 */
public final class StoreMetrics implements MeterBinder, AutoCloseable {
  private final SlowValues slow;
  private final Meters<MirroredCredentialStore> meters;

  /**
   * Makes the meters of the only store in a registry.
   *
   * @param store of a server
   */
  public StoreMetrics(MirroredCredentialStore store) {
    this(store, List.of());
  }

  /**
   * Makes the meters of one store of several.
   *
   * @param store of a server
   * @param tags that tell the stores of a registry apart; the same keys for all of them
   */
  public StoreMetrics(MirroredCredentialStore store, Iterable<Tag> tags) {
    this(store, tags, new SlowValues(Objects.requireNonNull(store, "store")));
  }

  StoreMetrics(MirroredCredentialStore store, Iterable<Tag> tags, SlowValues slow) {
    this.slow = slow;
    this.meters = new Meters<>(store, tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Meters<MirroredCredentialStore>.Registering in = meters.in(registry);
    in.gauge(
        "lwm2m.creds.store.credentials",
        "Endpoints that have a credential",
        null,
        MirroredCredentialStore::size);
    in.gauge(
        "lwm2m.creds.store.rotations",
        "Rotations under way",
        null,
        MirroredCredentialStore::countRotations);
    bindMirror(in);
    bindSlow(in);
    slow.get(); // so that it is known when it is read
  }

  private static void bindMirror(Meters<MirroredCredentialStore>.Registering in) {
    in.gauge(
        "lwm2m.creds.store.following",
        "Whether the mirror could follow its database when it last tried",
        null,
        store -> store.state().following() ? 1 : 0);
    in.gauge(
        "lwm2m.creds.store.lag",
        "How long ago the mirror last knew that it had all that the store holds",
        "seconds",
        store -> seconds(store.state().lag()));
    in.gauge(
        "lwm2m.creds.store.position",
        "The number of the last change that the mirror has",
        null,
        store -> store.state().position().number());
    in.gauge(
        "lwm2m.creds.store.behind",
        "Changes that the mirror knows of and has not yet",
        null,
        store -> store.state().behind());
    in.gauge(
        "lwm2m.creds.store.admits.newcomers",
        "Whether devices that connect are let in",
        null,
        store -> store.admitsNewcomers() ? 1 : 0);
  }

  private void bindSlow(Meters<MirroredCredentialStore>.Registering in) {
    in.gauge(
        "lwm2m.creds.store.keys.unopened",
        "Sealed keys that do not open",
        null,
        store -> slow.get().map(values -> (double) values.unopenedKeys()).orElse(Double.NaN));
    in.gauge(
        "lwm2m.creds.store.keys.oldest.age",
        "How long the oldest key has been in use",
        "seconds",
        store ->
            slow.get()
                .flatMap(SlowValues.Values::oldestKey)
                .map(StoreMetrics::age)
                .orElse(Double.NaN));
  }

  private static double age(Instant since) {
    return seconds(Duration.between(since, Instant.now()));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  /** Takes the meters out of all registries again, as when their store is closed. */
  @Override
  public void close() {
    meters.removeAll();
  }
}
