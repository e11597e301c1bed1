// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.ImportCounts;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.StoreEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A store held in memory, for the handshakes of a server.
 *
 * <p>A mirror loads the whole fleet when it is made, each key sealed until it is asked for, and
 * follows the store's changes, whoever makes them: within a quarter of a second, with PostgreSQL at
 * once. Its listeners are called for all of them; for changes made elsewhere, on a thread of the
 * mirror.
 *
 * <p>Every find answers from memory, {@link #findRevocation} and {@link #findRotation} included.
 * While the database is out of reach finds go on, and changes fail; {@link #upToDateAt} tells since
 * when the mirror may be behind. {@link #findPskLater} waits until the mirror has caught up: all
 * who wait at a time cost the database one query.
 *
 * <p>A mirror compares histories, not only their length. If the store has another history, since an
 * older state was restored or a fail-over lost changes, the mirror loads it anew, calls listeners
 * for what is gone or other, and then {@link CredentialStoreListener#changesMissed}.
 */
public final class MirroredCredentialStore implements ManagedCredentialStore {
  private final StoreEngine engine;
  private final MirrorObserver observer;
  private final Misses misses;
  private final MirrorUpdates updates;
  private final Duration maxAge;
  private volatile boolean closed;

  private MirroredCredentialStore(Builder description) {
    this.engine = description.engine;
    this.observer = new LoggingObserver(engine, description.observer);
    this.misses =
        new Misses(description.maxWaiting, description.lookupTimeout, Builder.UNKNOWN_FOR);
    this.maxAge = description.maxAge;
    this.updates = new MirrorUpdates(engine, observer, description.interval, misses, this::findPsk);
  }

  /**
   * Loads a store.
   *
   * @param engine such as a {@code JdbcCredentialStore}; closed with the mirror
   * @return the mirror, which follows the store from now on
   * @throws CredentialStoreException if the store cannot be read, or is damaged
   */
  public static MirroredCredentialStore of(StoreEngine engine) {
    return builder(engine).build();
  }

  /**
   * Starts describing a mirror.
   *
   * @param engine such as a {@code JdbcCredentialStore}; closed with the mirror
   * @return a builder
   */
  public static Builder builder(StoreEngine engine) {
    return new Builder(engine);
  }

  /** Follows the store, and tells listeners, without its thread. */
  MirrorUpdates updates() {
    return updates;
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return Optional.ofNullable(image().endpointOf(pskIdentity));
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return Optional.ofNullable(image().identityOf(endpoint));
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    requireFresh();
    return Optional.ofNullable(image().findByIdentity(pskIdentity)).map(this::open);
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return Optional.ofNullable(image().findByEndpoint(endpoint)).map(this::open);
  }

  private DeviceCredential open(SealedCredential found) {
    return DeviceCredential.of(found.endpoint(), found.pskIdentity(), engine.open(found));
  }

  /** {@inheritDoc} That time is set by {@link Builder#refuseNewcomersAfter}. */
  @Override
  public boolean admitsNewcomers() {
    return admitsNewcomers(upToDateAt());
  }

  private boolean admitsNewcomers(Instant since) {
    return maxAge == null || !since.plus(maxAge).isBefore(engine.clock().instant());
  }

  /** Who asks for the key of an identity is about to let a device in. */
  private void requireFresh() {
    Instant since = upToDateAt();
    if (!admitsNewcomers(since)) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE,
          engine
              + " may have changed since "
              + since
              + " without this mirror knowing, which is longer than the limit of "
              + maxAge
              + ": devices that connect are refused until the database is back");
    }
  }

  /**
   * {@inheritDoc} While the mirror follows the store, that is a moment ago, by the store's clock;
   * if the database is out of reach, the mirror may be behind since then.
   */
  @Override
  public Instant upToDateAt() {
    return updates.follower().upToDateAt();
  }

  /**
   * Returns where the mirror stands, without asking the database.
   *
   * @return its state now
   */
  public MirrorState state() {
    return updates.state();
  }

  /**
   * Counts the rotations under way, without asking the database.
   *
   * @return the endpoints that have two credentials now
   */
  public long countRotations() {
    return image().countRotations();
  }

  /**
   * Counts the credentials, current and next, whose key does not open: it is damaged, or its
   * sealing key cannot be had. The database is not asked, but each key is opened, which takes about
   * a microsecond.
   *
   * @return the number of devices' credentials that cannot be served
   */
  public long countUnopenedKeys() {
    return image().all().filter(credential -> !opens(credential)).count();
  }

  private boolean opens(SealedCredential credential) {
    return withKey(credential, psk -> true).isPresent();
  }

  /**
   * {@inheritDoc} A key that does not open is reported to the observer; there is none then.
   *
   * @throws CredentialStoreException with {@code UNAVAILABLE} if the mirror may be behind for
   *     longer than {@link Builder#refuseNewcomersAfter} allows
   */
  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    requireFresh();
    SealedCredential found = image().findByIdentity(pskIdentity);
    if (found == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(engine.open(found));
    } catch (CredentialStoreException e) {
      if (e.reason() == Reason.CLOSED) {
        throw e;
      }
      observer.unreadable(e);
      return Optional.empty();
    }
  }

  @Override
  public Optional<KeyCheckValue> findCheckValue(PskIdentity pskIdentity) {
    return Optional.ofNullable(image().findByIdentity(pskIdentity)).flatMap(this::checkValue);
  }

  /** A mirror that no longer follows must not let anybody in. */
  private MirrorImage image() {
    if (closed) {
      throw new CredentialStoreException(Reason.CLOSED, engine + " was closed");
    }
    return updates.follower().image();
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    CompletionStage<Optional<PreSharedKey>> answer = misses.add(pskIdentity);
    if (!answer.toCompletableFuture().isDone()) {
      updates.wake();
    }
    return answer;
  }

  @Override
  public PutOutcome put(DeviceCredential credential) {
    return updates.change(() -> engine.put(credential));
  }

  @Override
  public PutOutcome add(DeviceCredential credential) {
    return updates.change(() -> engine.add(credential));
  }

  @Override
  public int putAll(Collection<DeviceCredential> credentials) {
    return updates.change(() -> engine.putAll(credentials));
  }

  @Override
  public int addAll(Collection<DeviceCredential> credentials) {
    return updates.change(() -> engine.addAll(credentials));
  }

  /** {@inheritDoc} The mirror follows meanwhile, and has all of it when this returns. */
  @Override
  public ImportCounts importAll(Iterator<DeviceCredential> credentials, ImportOptions options) {
    ImportCounts counts = engine.importAll(credentials, options);
    return updates.change(() -> counts);
  }

  @Override
  public PutOutcome reinstate(DeviceCredential credential) {
    return updates.change(() -> engine.reinstate(credential));
  }

  @Override
  public boolean remove(String endpoint) {
    return updates.change(() -> engine.remove(endpoint));
  }

  @Override
  public boolean revoke(String endpoint, String reason) {
    return updates.change(() -> engine.revoke(endpoint, reason));
  }

  @Override
  public void rotate(DeviceCredential next, Instant deadline) {
    updates.change(
        () -> {
          engine.rotate(next, deadline);
          return null;
        });
  }

  /**
   * {@inheritDoc} The change is given the store behind the mirror, which has it when this returns.
   */
  @Override
  public <T> T changeAs(
      String actor, Function<? super ManagedCredentialStore, ? extends T> change) {
    return updates.change(() -> engine.changeAs(actor, change));
  }

  /** {@inheritDoc} The database is asked only if the identity is that of a next credential. */
  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    return image().hasNext(pskIdentity) && updates.change(() -> engine.confirm(pskIdentity));
  }

  @Override
  public Stream<CredentialSummary> stream() {
    return image().inOrder().map(this::summary);
  }

  private CredentialSummary summary(SealedCredential credential) {
    return new CredentialSummary(
        credential.endpoint(), credential.pskIdentity(), checkValue(credential));
  }

  private Optional<KeyCheckValue> checkValue(SealedCredential credential) {
    return withKey(credential, PreSharedKey::checkValue);
  }

  /** Returns what is made of a key; empty if that does not open. */
  private <T> Optional<T> withKey(SealedCredential credential, Function<PreSharedKey, T> use) {
    try {
      PreSharedKey psk = engine.open(credential);
      try {
        return Optional.of(use.apply(psk));
      } finally {
        psk.destroy();
      }
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public long size() {
    return updates.follower().image().size();
  }

  @Override
  public Optional<Rotation> findRotation(String endpoint) {
    return Optional.ofNullable(image().rotation(endpoint));
  }

  @Override
  public Stream<Rotation> rotations() {
    return engine.rotations();
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    return Optional.ofNullable(image().revocation(endpoint));
  }

  @Override
  public Stream<Revocation> revocations() {
    return engine.revocations();
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    return engine.audit(after);
  }

  @Override
  public Optional<SessionLedger> sessionLedger() {
    return engine.sessionLedger();
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    updates.listeners().add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    updates.listeners().remove(listener);
  }

  /** Stops following, and closes the store. */
  @Override
  public void close() {
    updates.close();
    closed = true;
    misses.begin().giveUp();
    engine.close();
  }

  /**
   * Describes the mirror without its content.
   *
   * @return the number of credentials, and where they come from
   */
  @Override
  public String toString() {
    return "MirroredCredentialStore[size=" + size() + ", " + engine + "]";
  }

  /** Describes a mirror. */
  public static final class Builder {
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(1);

    private final StoreEngine engine;
    private MirrorObserver observer = new MirrorObserver() {};
    private Duration interval = Duration.ofMillis(250);
    private Duration lookupTimeout = Duration.ofSeconds(2);
    private int maxWaiting = 10_000;
    private Duration maxAge;

    private Builder(StoreEngine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
    }

    /**
     * Sets who is called when the mirror loses its database and when it is back.
     *
     * @param newObserver called on the mirror's threads, so it must return soon
     * @return this builder
     */
    public Builder observer(MirrorObserver newObserver) {
      this.observer = Objects.requireNonNull(newObserver, "newObserver");
      return this;
    }

    /**
     * Sets how often the mirror looks for changes by itself.
     *
     * @param newInterval 250 ms by default
     * @return this builder
     */
    public Builder interval(Duration newInterval) {
      this.interval = requirePositive(newInterval);
      return this;
    }

    /**
     * Sets how long {@link MirroredCredentialStore#findPskLater} waits at most.
     *
     * @param timeout 2 s by default
     * @return this builder
     */
    public Builder lookupTimeout(Duration timeout) {
      this.lookupTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * Sets how many may wait at a time; others are answered from memory alone.
     *
     * @param number 10 000 by default
     * @return this builder
     */
    public Builder maxWaiting(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("at least one may wait, not " + number);
      }
      this.maxWaiting = number;
      return this;
    }

    /**
     * Makes the mirror refuse devices that connect once it may be behind for longer than a time, as
     * they may have been revoked since. {@link MirroredCredentialStore#findPsk} and {@link
     * MirroredCredentialStore#findByPskIdentity} then fail, and {@link
     * MirroredCredentialStore#admitsNewcomers} is false. Sessions go on. By default, known devices
     * are served however long the database is away.
     *
     * @param limit more than a few {@linkplain #interval intervals}
     * @return this builder
     */
    public Builder refuseNewcomersAfter(Duration limit) {
      this.maxAge = requirePositive(limit);
      return this;
    }

    private static Duration requirePositive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("a time of more than nothing is needed: " + duration);
      }
      return duration;
    }

    /**
     * Loads the store.
     *
     * @return the mirror, which follows the store from now on
     * @throws CredentialStoreException if the store cannot be read, or is damaged
     */
    public MirroredCredentialStore build() {
      MirroredCredentialStore mirror = buildStopped();
      mirror.updates.start();
      return mirror;
    }

    /**
     * Loads the store, for a caller that makes each round by {@link
     * MirroredCredentialStore#updates}.
     */
    MirroredCredentialStore buildStopped() {
      return new MirroredCredentialStore(this);
    }
  }
}
