package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.Retirement.nameOf;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A {@link JdbcCredentialStore} held in memory: what a server takes for its handshakes.
 *
 * <p>It loads the whole fleet when it is made, each key sealed until it is asked for, and follows
 * the store's changes, whoever makes them: within a quarter of a second, with PostgreSQL at once.
 * Listeners are told of all of them; of those made by others on a thread of the mirror.
 *
 * <p>Every find answers from memory, and so does {@link #findRevocation}. While the database is out
 * of reach they go on, and what changes the store fails. {@link #findPskLater} waits until the
 * mirror has caught up: all who wait at a time cost the database one query.
 */
public final class MirroredCredentialStore implements ManagedCredentialStore {
  private final JdbcCredentialStore store;
  private final MirrorFollower follower;
  private final MirrorObserver observer;
  private final Misses misses;
  private final MirrorThread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Listeners listeners = new Listeners();

  private MirroredCredentialStore(Builder description) {
    this.store = description.store;
    this.observer = description.observer;
    this.misses =
        new Misses(description.maxWaiting, description.lookupTimeout, Builder.UNKNOWN_FOR);
    this.follower = new MirrorFollower(store);
    this.thread = new MirrorThread(this::round, description.interval, store.database());
  }

  /**
   * Loads a store.
   *
   * @param store closed with the mirror
   * @return the mirror, which follows the store from now on
   * @throws CredentialStoreException if the store cannot be read, or is damaged
   */
  public static MirroredCredentialStore of(JdbcCredentialStore store) {
    return builder(store).build();
  }

  /**
   * Starts describing a mirror.
   *
   * @param store closed with the mirror
   * @return a builder
   */
  public static Builder builder(JdbcCredentialStore store) {
    return new Builder(store);
  }

  /** One round of the mirror's thread. */
  private void round() {
    Misses.Round waiting = misses.begin();
    List<RetiredCredential> retired = List.of();
    try {
      lock.lock();
      try {
        follower.follow();
      } finally {
        retired = follower.takeRetired();
        lock.unlock();
      }
      waiting.answer(this::findPsk);
    } catch (RuntimeException e) {
      waiting.giveUp();
      throw e;
    } finally {
      listeners.tellAll(retired); // even if the database was lost half way
    }
    if (follower.image().hasDueRotation()) {
      finishDueRotations();
    }
  }

  /** Lookups go by the deadline; who cannot write the store leaves the rest to others. */
  private void finishDueRotations() {
    try {
      change(
          () -> {
            store.finishDueRotations();
            return null;
          });
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.READ_ONLY && e.reason() != Reason.LOCKED) {
        throw e;
      }
    }
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    store.keys().requireOpen();
    return Optional.ofNullable(follower.image().findByIdentity(pskIdentity.toBytes()))
        .map(entry -> new String(entry.endpoint(), UTF_8));
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    store.keys().requireOpen();
    return Optional.ofNullable(follower.image().findByEndpoint(nameOf(endpoint)))
        .map(entry -> PskIdentity.ofBytes(entry.identity()));
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return credential(follower.image().findByIdentity(pskIdentity.toBytes()));
  }

  /** A key that does not open is reported to the {@link MirrorObserver}, and taken for none. */
  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    byte[] identity = pskIdentity.toBytes();
    CompactTable.Entry found = follower.image().findByIdentity(identity);
    if (found == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(store.keys().open(found.endpoint(), identity, found.value()));
    } catch (CredentialStoreException e) {
      if (e.reason() == Reason.CLOSED) {
        throw e;
      }
      observer.unreadable(e);
      return Optional.empty();
    }
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    CompletionStage<Optional<PreSharedKey>> answer = misses.add(pskIdentity);
    if (!answer.toCompletableFuture().isDone()) {
      thread.wake();
    }
    return answer;
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return credential(follower.image().findByEndpoint(nameOf(endpoint)));
  }

  private Optional<DeviceCredential> credential(CompactTable.Entry found) {
    return Optional.ofNullable(found)
        .map(
            entry ->
                DeviceCredential.of(
                    new String(entry.endpoint(), UTF_8),
                    PskIdentity.ofBytes(entry.identity()),
                    store.keys().open(entry.endpoint(), entry.identity(), entry.value())));
  }

  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    return change(() -> store.put(credential));
  }

  @Override
  public int putAll(Collection<DeviceCredential> credentials) {
    return change(() -> store.putAll(credentials));
  }

  @Override
  public int addAll(Collection<DeviceCredential> credentials) {
    return change(() -> store.addAll(credentials));
  }

  @Override
  public Optional<DeviceCredential> reinstate(DeviceCredential credential) {
    return change(() -> store.reinstate(credential));
  }

  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    return change(() -> store.remove(endpoint));
  }

  @Override
  public boolean revoke(String endpoint, String reason) {
    return change(() -> store.revoke(endpoint, reason));
  }

  @Override
  public void rotate(DeviceCredential next, Instant deadline) {
    change(
        () -> {
          store.rotate(next, deadline);
          return null;
        });
  }

  /** Asks the database only if the identity is that of a next credential. */
  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    return follower.image().hasNext(pskIdentity.toBytes())
        && change(() -> store.confirm(pskIdentity));
  }

  /** Changes the store, and the mirror with it; listeners are told on this thread. */
  private <T> T change(Supplier<T> change) {
    T result;
    List<RetiredCredential> retired;
    lock.lock();
    try {
      result = change.get();
      followAfterChange();
      retired = follower.takeRetired();
    } finally {
      lock.unlock();
    }
    listeners.tellAll(retired);
    return result;
  }

  /** The change is made, so a database that is lost now must not make it look as if it were not. */
  private void followAfterChange() {
    try {
      follower.follow();
    } catch (CredentialStoreException e) {
      thread.wake();
    }
  }

  @Override
  public Stream<DeviceCredential> stream() {
    return follower.image().stream().map(entry -> credential(entry).orElseThrow());
  }

  @Override
  public long size() {
    return follower.image().size();
  }

  @Override
  public Stream<Rotation> rotations() {
    return store.rotations();
  }

  @Override
  public Stream<Revocation> revocations() {
    return store.revocations();
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    return Optional.ofNullable(follower.image().revocation(endpoint));
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    return store.audit(after);
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  /** Stops following, and closes the store. */
  @Override
  public void close() {
    thread.close();
    misses.begin().giveUp();
    store.close();
  }

  /**
   * Describes the mirror without its content.
   *
   * @return the number of credentials, and where they come from
   */
  @Override
  public String toString() {
    return "MirroredCredentialStore[size=" + size() + ", " + store + "]";
  }

  /** Describes a mirror. */
  public static final class Builder {
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(1);

    private final JdbcCredentialStore store;
    private MirrorObserver observer = new MirrorObserver() {};
    private Duration interval = Duration.ofMillis(250);
    private Duration lookupTimeout = Duration.ofSeconds(2);
    private int maxWaiting = 10_000;

    private Builder(JdbcCredentialStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Says who is to learn how the mirror fares.
     *
     * @param newObserver called on the mirror's threads, so it must return soon
     * @return this builder
     */
    public Builder observer(MirrorObserver newObserver) {
      this.observer = Objects.requireNonNull(newObserver, "newObserver");
      return this;
    }

    /**
     * Says how often the mirror looks for changes that it is not told of.
     *
     * @param newInterval 250 ms by default
     * @return this builder
     */
    public Builder interval(Duration newInterval) {
      this.interval = requirePositive(newInterval);
      return this;
    }

    /**
     * Says how long {@link MirroredCredentialStore#findPskLater} waits at most.
     *
     * @param timeout 2 s by default
     * @return this builder
     */
    public Builder lookupTimeout(Duration timeout) {
      this.lookupTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * Says how many may wait at a time; others get their answer from memory alone.
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
      MirroredCredentialStore mirror = new MirroredCredentialStore(this);
      mirror.thread.start(observer);
      return mirror;
    }
  }
}
