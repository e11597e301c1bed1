// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.internal.Listeners;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A store in plain maps that can be mirrored, without a database: what the documentation of {@link
 * ManagedCredentialStore} and {@link StoreEngine} says, one line for each rule. A "sealed" key is
 * the key itself, and a number that changes when all are sealed anew.
 */
public class InMemoryEngine implements StoreEngine {
  /** What {@link #findPskLater} finds. */
  public final Map<PskIdentity, PreSharedKey> later = new ConcurrentHashMap<>();

  /** What {@link #confirm} was called with. */
  public final List<PskIdentity> confirmed = new CopyOnWriteArrayList<>();

  /** The listeners that are registered by now. */
  public final List<CredentialStoreListener> listening = new CopyOnWriteArrayList<>();

  /** As the endpoints' UTF-8 bytes are ordered. */
  private static final Comparator<String> BY_BYTES =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  private static final class State {
    final Map<String, SealedCredential> current = map();
    final Map<String, SealedCredential> next = map();
    final Map<String, Rotation> rotations = map();
    final Map<String, Revocation> endpoints = map();
    final Map<String, Revocation> identities = map();
    final List<AuditEntry> log = new ArrayList<>();
    byte generation;

    private static <T> Map<String, T> map() {
      return new TreeMap<>(BY_BYTES);
    }

    State copy() {
      State copy = new State();
      copy.current.putAll(current);
      copy.next.putAll(next);
      copy.rotations.putAll(rotations);
      copy.endpoints.putAll(endpoints);
      copy.identities.putAll(identities);
      copy.log.addAll(log);
      copy.generation = generation;
      return copy;
    }

    Stream<SealedCredential> all() {
      return Stream.concat(current.values().stream(), next.values().stream());
    }
  }

  /** What all engines of one store share, as processes share a database. */
  private static final class Disk {
    private final HistoryHash beginning = HistoryHash.begin();
    private State state = new State();
    private final List<Runnable> wakers = new CopyOnWriteArrayList<>();
  }

  /** How many changes are told at a time. */
  private int maxChanges = 5_000;

  private final Disk disk;
  private final Faults faults;
  private final KeyPolicy keyPolicy;
  private final Clock clock;
  private final ThreadLocal<String> actor = ThreadLocal.withInitial(() -> "test");
  private final Listeners<CredentialStoreListener, RetiredCredential> listeners =
      new Listeners<>(CredentialStoreListener::credentialRetired);

  /** Makes an empty store that takes strong keys only. */
  public InMemoryEngine() {
    this(KeyPolicy.strict(), Clock.systemUTC());
  }

  /** Makes an empty store whose deadlines go by a clock. */
  public InMemoryEngine(KeyPolicy keyPolicy, Clock clock) {
    this(new Disk(), new Faults(), keyPolicy, clock);
  }

  /** Opens the store of another engine once more, as another process would, with faults. */
  public InMemoryEngine(InMemoryEngine other, Faults faults) {
    this(other.disk, faults, other.keyPolicy, other.clock);
  }

  /** The same, of a process whose clock is another. */
  public InMemoryEngine(InMemoryEngine other, Faults faults, Clock clock) {
    this(other.disk, faults, other.keyPolicy, clock);
  }

  private InMemoryEngine(Disk disk, Faults faults, KeyPolicy keyPolicy, Clock clock) {
    this.disk = disk;
    this.faults = faults;
    this.keyPolicy = keyPolicy;
    this.clock = clock;
  }

  /** Returns what puts the store back to its present state. */
  public Runnable backup() {
    return read(
        () -> {
          State saved = disk.state.copy();
          return () -> disk.state = saved.copy();
        });
  }

  /** Tells of fewer changes at a time. */
  public InMemoryEngine withPagesOf(int changes) {
    maxChanges = changes;
    return this;
  }

  private static void require(boolean granted) {
    if (!granted) {
      throw new CredentialStoreException(
          CredentialStoreException.Reason.UNAVAILABLE, "out of reach");
    }
  }

  private <T> T read(Supplier<T> reading) {
    require(faults.enter());
    T result;
    synchronized (disk) {
      result = reading.get();
    }
    require(faults.leave());
    return result;
  }

  /** Changes everything or, if anything is thrown, nothing; tells of it afterwards. */
  private <T> T change(Supplier<T> change) {
    require(faults.enter());
    T result;
    boolean untold;
    List<RetiredCredential> retired = new ArrayList<>();
    synchronized (disk) {
      State before = disk.state.copy();
      try {
        result = change.get();
      } catch (RuntimeException e) {
        disk.state = before;
        throw e;
      }
      disk.state.log.stream()
          .skip(before.log.size())
          .forEach(entry -> retired(entry).ifPresent(retired::add));
      untold =
          disk.state.log.stream()
              .skip(before.log.size())
              .anyMatch(e -> e.action() == Action.REVOKED && e.pskIdentity().isEmpty());
    }
    disk.wakers.forEach(Runnable::run);
    require(faults.leave());
    listeners.tellAll(retired);
    if (untold) {
      listeners.forEach(CredentialStoreListener::changesMissed);
    }
    return result;
  }

  private static Optional<RetiredCredential> retired(AuditEntry entry) {
    Optional<Cause> cause =
        Stream.of(Cause.values())
            .filter(each -> each.name().equals(entry.action().name()))
            .findAny();
    return cause.flatMap(
        c -> entry.pskIdentity().map(i -> new RetiredCredential(entry.endpoint(), i, c)));
  }

  private void log(Action action, String endpoint, PskIdentity identity, byte[] key, String why) {
    Optional<String> checkValue = Optional.ofNullable(key).map(k -> checkValue(k).toString());
    HistoryHash before = position(disk.state.log.size()).hash();
    disk.state.log.add(
        new AuditEntry(
                disk.state.log.size() + 1L,
                clock.instant(),
                actor.get(),
                action,
                endpoint,
                Optional.ofNullable(identity),
                checkValue,
                why,
                before)
            .behind(before));
  }

  /** Where the history is after a number of changes. */
  private Position position(int number) {
    return new Position(
        number, number == 0 ? disk.beginning : disk.state.log.get(number - 1).hash());
  }

  private static KeyCheckValue checkValue(byte[] key) {
    return PreSharedKey.copyOf(key).checkValue();
  }

  private void retire(SealedCredential old, Cause cause, String reason) {
    if (old != null) {
      Action action = Action.valueOf(cause.name());
      log(action, old.endpoint(), old.pskIdentity(), unsealed(old), reason);
    }
  }

  private SealedCredential sealed(DeviceCredential credential, Role role) {
    return new SealedCredential(
        credential.endpoint(),
        credential.pskIdentity(),
        role,
        seal(credential.psk().exposeBytes()));
  }

  @Override
  public PutOutcome put(DeviceCredential credential) {
    return change(() -> put(credential, true, false));
  }

  @Override
  public PutOutcome add(DeviceCredential credential) {
    return change(() -> put(credential, false, false));
  }

  @Override
  public PutOutcome reinstate(DeviceCredential credential) {
    return change(() -> put(credential, true, true));
  }

  @Override
  public <T> T changeAs(
      String other, Function<? super ManagedCredentialStore, ? extends T> change) {
    actor.set(other);
    try {
      return change.apply(this);
    } finally {
      actor.remove();
    }
  }

  @Override
  public int putAll(Collection<DeviceCredential> credentials) {
    return change(() -> count(credentials, true));
  }

  @Override
  public int addAll(Collection<DeviceCredential> credentials) {
    return change(() -> count(credentials, false));
  }

  /** Each for itself. */
  @Override
  public ImportCounts importAll(Iterator<DeviceCredential> credentials, ImportOptions options) {
    ImportCounts counts = ImportCounts.NONE;
    for (long number = 1; credentials.hasNext(); number++) {
      ImportedRow row = imported(number, credentials.next(), options);
      counts = counts.plus(List.of(row));
      options.rows().accept(row);
      options.progress().accept(counts);
    }
    return counts;
  }

  private ImportedRow imported(long number, DeviceCredential credential, ImportOptions options) {
    try {
      return ImportedRow.of(
          number,
          credential,
          options.isDryRun()
              ? foreseen(credential, options.replaces())
              : change(() -> put(credential, options.replaces(), false)));
    } catch (RefusedCredentialException e) {
      return ImportedRow.of(number, credential, e);
    } finally {
      credential.destroy();
    }
  }

  private PutOutcome foreseen(DeviceCredential credential, boolean replacing) {
    synchronized (disk) {
      State before = disk.state.copy();
      try {
        return put(credential, replacing, false);
      } finally {
        disk.state = before;
      }
    }
  }

  private int count(Collection<DeviceCredential> credentials, boolean replacing) {
    credentials.forEach(keyPolicy::check);
    credentials.forEach(credential -> finishIfDue(credential.endpoint()));
    int changed = 0;
    for (DeviceCredential credential : credentials) {
      changed += put(credential, replacing, false) == PutOutcome.UNCHANGED ? 0 : 1;
    }
    return changed;
  }

  private PutOutcome put(DeviceCredential credential, boolean replacing, boolean reinstating) {
    keyPolicy.check(credential);
    String endpoint = credential.endpoint();
    finishIfDue(endpoint);
    requireNotRevoked(credential, reinstating);
    requireOwn(credential);
    SealedCredential previous = disk.state.current.get(endpoint);
    SealedCredential stored = sealed(credential, Role.CURRENT);
    if (stored.equals(previous)) {
      return PutOutcome.UNCHANGED;
    }
    if (previous != null && !replacing) {
      throw new EndpointInUseException(endpoint);
    }
    retire(previous, Cause.REPLACED, "");
    retire(disk.state.next.remove(endpoint), Cause.REPLACED, "");
    disk.state.rotations.remove(endpoint);
    disk.state.current.put(endpoint, stored);
    log(Action.ADDED, endpoint, credential.pskIdentity(), unsealed(stored), "");
    return previous == null ? PutOutcome.ADDED : PutOutcome.REPLACED;
  }

  private void requireNotRevoked(DeviceCredential credential, boolean reinstating) {
    String endpoint = credential.endpoint();
    String identity = credential.pskIdentity().asString();
    Revocation revocation =
        disk.state.endpoints.getOrDefault(endpoint, disk.state.identities.get(identity));
    if (revocation != null && !reinstating) {
      throw new RevokedCredentialException(endpoint, revocation);
    }
    if (revocation != null) {
      disk.state.endpoints.remove(endpoint);
      disk.state.identities.remove(identity);
      log(Action.REINSTATED, endpoint, credential.pskIdentity(), null, "");
    }
  }

  private void requireOwn(DeviceCredential credential) {
    PskIdentity identity = credential.pskIdentity();
    if (disk.state
        .all()
        .anyMatch(
            other ->
                other.pskIdentity().equals(identity)
                    && !other.endpoint().equals(credential.endpoint()))) {
      throw new DuplicatePskIdentityException(identity);
    }
  }

  @Override
  public boolean remove(String endpoint) {
    return change(() -> takeAway(endpoint, Cause.REMOVED, ""));
  }

  @Override
  public boolean revoke(String endpoint, String reason) {
    return change(
        () -> {
          finishIfDue(endpoint);
          boolean isNew =
              revoke(disk.state.endpoints, endpoint, endpoint, Optional.empty(), reason);
          disk.state
              .all()
              .filter(credential -> credential.endpoint().equals(endpoint))
              .map(SealedCredential::pskIdentity)
              .toList()
              .forEach(
                  i ->
                      revoke(
                          disk.state.identities, i.asString(), endpoint, Optional.of(i), reason));
          boolean had = takeAway(endpoint, Cause.REVOKED, reason);
          if (!had && isNew) {
            boolean isIdentity = endpoint.getBytes(UTF_8).length <= PskIdentity.MAX_LENGTH;
            PskIdentity identity = isIdentity ? PskIdentity.of(endpoint) : null;
            log(Action.REVOKED, endpoint, identity, null, reason);
          }
          return had;
        });
  }

  private boolean revoke(
      Map<String, Revocation> revocations,
      String name,
      String endpoint,
      Optional<PskIdentity> identity,
      String reason) {
    Revocation revocation = new Revocation(endpoint, identity, clock.instant(), reason);
    return revocations.putIfAbsent(name, revocation) == null;
  }

  private boolean takeAway(String endpoint, Cause cause, String reason) {
    finishIfDue(endpoint);
    SealedCredential gone = disk.state.current.remove(endpoint);
    retire(gone, cause, reason);
    retire(disk.state.next.remove(endpoint), cause, reason);
    disk.state.rotations.remove(endpoint);
    return gone != null;
  }

  @Override
  public void rotate(DeviceCredential credential, Instant deadline) {
    change(
        () -> {
          keyPolicy.check(credential);
          String endpoint = credential.endpoint();
          finishIfDue(endpoint);
          requireNotRevoked(credential, false);
          requireOwn(credential);
          SealedCredential existing = disk.state.current.get(endpoint);
          PskIdentity identity = credential.pskIdentity();
          if (existing == null
              || existing.pskIdentity().equals(identity)
              || !deadline.isAfter(clock.instant())) {
            throw new IllegalArgumentException("no credential, no other identity, or no time");
          }
          SealedCredential next = sealed(credential, Role.NEXT);
          retire(disk.state.next.put(endpoint, next), Cause.REPLACED, "");
          disk.state.rotations.put(
              endpoint, new Rotation(endpoint, existing.pskIdentity(), identity, deadline));
          log(Action.ROTATION_STARTED, endpoint, identity, unsealed(next), "");
          return null;
        });
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    confirmed.add(pskIdentity);
    return change(
        () -> {
          Optional<String> endpoint =
              disk.state.next.values().stream()
                  .filter(next -> next.pskIdentity().equals(pskIdentity))
                  .map(SealedCredential::endpoint)
                  .findAny();
          endpoint.ifPresent(this::finish);
          return endpoint.isPresent();
        });
  }

  /** Seals everything anew, so that no key looks as before. */
  public void reseal() {
    change(
        () -> {
          disk.state.generation++;
          disk.state.current.replaceAll((endpoint, old) -> resealed(old));
          disk.state.next.replaceAll((endpoint, old) -> resealed(old));
          log(Action.RESEALED, "", null, null, "");
          return null;
        });
  }

  private SealedCredential resealed(SealedCredential old) {
    return new SealedCredential(old.endpoint(), old.pskIdentity(), old.role(), seal(unsealed(old)));
  }

  private byte[] seal(byte[] key) {
    byte[] sealed = Arrays.copyOf(key, key.length + 1);
    sealed[key.length] = disk.state.generation;
    return sealed;
  }

  private static byte[] unsealed(SealedCredential credential) {
    return Arrays.copyOf(credential.sealed(), credential.sealed().length - 1);
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public void finishDueRotations() {
    change(
        () -> {
          List.copyOf(disk.state.rotations.keySet()).forEach(this::finishIfDue);
          return null;
        });
  }

  private void finishIfDue(String endpoint) {
    if (isDue(endpoint)) {
      finish(endpoint);
    }
  }

  private boolean isDue(String endpoint) {
    Rotation rotation = disk.state.rotations.get(endpoint);
    return rotation != null && !rotation.deadline().isAfter(clock.instant());
  }

  private void finish(String endpoint) {
    SealedCredential next = disk.state.next.remove(endpoint);
    SealedCredential promoted =
        new SealedCredential(endpoint, next.pskIdentity(), Role.CURRENT, next.sealed());
    SealedCredential old = disk.state.current.put(endpoint, promoted);
    disk.state.rotations.remove(endpoint);
    PskIdentity identity = old.pskIdentity();
    revoke(disk.state.identities, identity.asString(), endpoint, Optional.of(identity), "rotated");
    retire(old, Cause.REPLACED, "rotated");
    log(Action.ROTATED, endpoint, next.pskIdentity(), unsealed(next), "");
  }

  private Optional<SealedCredential> find(PskIdentity pskIdentity) {
    return read(
        () ->
            disk.state
                .all()
                .filter(credential -> credential.pskIdentity().equals(pskIdentity))
                .filter(found -> found.role() == Role.NEXT || !isDue(found.endpoint()))
                .findAny());
  }

  private Optional<SealedCredential> find(String endpoint) {
    return read(() -> current(endpoint));
  }

  /** The credential an endpoint has now: the next one if its rotation's time is up. */
  private Optional<SealedCredential> current(String endpoint) {
    return Optional.ofNullable(
        (isDue(endpoint) ? disk.state.next : disk.state.current).get(endpoint));
  }

  private DeviceCredential credential(SealedCredential found) {
    return DeviceCredential.of(found.endpoint(), found.pskIdentity(), open(found));
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return find(pskIdentity).map(this::credential);
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return find(endpoint).map(this::credential);
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return find(pskIdentity).map(SealedCredential::endpoint);
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return find(endpoint).map(SealedCredential::pskIdentity);
  }

  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return CompletableFuture.completedStage(Optional.ofNullable(later.get(pskIdentity)));
  }

  @Override
  public Stream<CredentialSummary> stream() {
    return read(
        () ->
            disk.state.current.keySet().stream()
                .flatMap(endpoint -> current(endpoint).stream())
                .map(
                    found ->
                        new CredentialSummary(
                            found.endpoint(),
                            found.pskIdentity(),
                            Optional.of(checkValue(unsealed(found)))))
                .toList()
                .stream());
  }

  @Override
  public long size() {
    return read(() -> disk.state.current.size());
  }

  @Override
  public Optional<Rotation> findRotation(String endpoint) {
    return read(
        () ->
            Optional.ofNullable(disk.state.rotations.get(endpoint))
                .filter(rotation -> !isDue(endpoint)));
  }

  @Override
  public Stream<Rotation> rotations() {
    return read(
        () ->
            disk.state.rotations.values().stream()
                .filter(rotation -> !isDue(rotation.endpoint()))
                .toList()
                .stream());
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    return read(() -> Optional.ofNullable(disk.state.endpoints.get(endpoint)));
  }

  @Override
  public Stream<Revocation> revocations() {
    return read(
        () ->
            Stream.concat(
                disk.state.endpoints.values().stream(), disk.state.identities.values().stream())
                .toList()
                .stream());
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    return read(() -> entriesAfter(after).stream());
  }

  private List<AuditEntry> entriesAfter(long number) {
    return disk.state.log.stream().skip(number).toList();
  }

  @Override
  public Snapshot load(Optional<Position> since, Consumer<SealedCredential> credentials) {
    return read(
        () -> {
          disk.state.all().forEach(credentials);
          return new Snapshot(
              position(disk.state.log.size()),
              List.copyOf(disk.state.rotations.values()),
              List.copyOf(disk.state.endpoints.values()),
              since
                  .filter(this::isInHistory)
                  .map(at -> entriesAfter(at.number()))
                  .map(all -> all.stream().flatMap(entry -> retired(entry).stream()).toList()));
        });
  }

  private boolean isInHistory(Position position) {
    return position.number() <= disk.state.log.size()
        && position((int) position.number()).equals(position);
  }

  @Override
  public Optional<Changes> changesAfter(Position position, Position seen) {
    return read(
        () ->
            isInHistory(position) && isInHistory(seen)
                ? Optional.of(changes(position.number()))
                : Optional.empty());
  }

  private Changes changes(long after) {
    State now = disk.state;
    List<AuditEntry> entries = entriesAfter(after).stream().limit(maxChanges).toList();
    Set<String> touched =
        entries.stream()
            .map(AuditEntry::endpoint)
            .filter(endpoint -> !endpoint.isEmpty())
            .collect(Collectors.toSet());
    long end = after + entries.size();
    return new Changes(
        position((int) end),
        position(now.log.size()),
        touched,
        now.all().filter(found -> touched.contains(found.endpoint())).toList(),
        now.rotations.values().stream().filter(r -> touched.contains(r.endpoint())).toList(),
        now.endpoints.values().stream().filter(r -> touched.contains(r.endpoint())).toList(),
        entries.stream().flatMap(entry -> retired(entry).stream()).toList(),
        entries.stream().anyMatch(entry -> entry.action() == Action.RESEALED)
            ? KeyChange.REPLACED
            : KeyChange.UNCHANGED);
  }

  @Override
  public void requireSealingKeys() {
    // there are none
  }

  @Override
  public PreSharedKey open(SealedCredential credential) {
    return PreSharedKey.copyOf(unsealed(credential));
  }

  @Override
  public Registration onChange(Runnable wake) {
    disk.wakers.add(wake);
    return () -> disk.wakers.remove(wake);
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
    listening.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
    listening.remove(listener);
  }

  @Override
  public void close() {
    // nothing is open
  }

  @Override
  public String toString() {
    return "InMemoryEngine[size=" + disk.state.current.size() + "]";
  }
}
