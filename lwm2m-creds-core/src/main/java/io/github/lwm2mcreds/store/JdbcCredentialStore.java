package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.Retirement.nameOf;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Credentials in a database: SQLite, for which a file is enough, or PostgreSQL. Many processes may
 * use one at a time.
 *
 * <p>A change is on disk when its method returns. Keys are sealed; see {@link KeySealer}. Every
 * find asks the database: for handshakes, put a {@link MirroredCredentialStore} in front. Listeners
 * learn of the changes that are made through this object only; the mirror's learn of all.
 *
 * <p>A damaged store is refused, when it is opened or when what is damaged is used; {@link #check}
 * and the mirror look at all of it. One thing SQLite cannot tell: if its log, the file that ends in
 * {@code -wal}, is deleted or damaged, changes that were in it only are missing, the last ones
 * first.
 *
 * <p>Needs the database's driver on the class path: {@code org.xerial:sqlite-jdbc} or {@code
 * org.postgresql:postgresql}.
 */
public final class JdbcCredentialStore implements ManagedCredentialStore {
  /** The last one that has a number of milliseconds. */
  private static final Instant LAST_DEADLINE = Instant.ofEpochMilli(Long.MAX_VALUE);

  private static final String SQLITE_URL = "jdbc:sqlite:";
  private static final int MAX_REASON_LENGTH = 1000;

  private final Database database;
  private final KeyRing keys;
  private final KeyPolicy keyPolicy;
  private final String actor;
  private final Clock clock;
  private final Lookup lookup;
  private final Listeners listeners = new Listeners();

  JdbcCredentialStore(JdbcStoreBuilder description, Database database, KeyRing keys) {
    this.database = database;
    this.keys = keys;
    this.keyPolicy = description.keyPolicy;
    this.actor = description.actor;
    this.clock = description.clock;
    this.lookup = new Lookup(database, keys, clock);
  }

  /**
   * Starts describing a store in an SQLite file.
   *
   * @param file the database; its key is in a key file of the same name with {@code .key} behind,
   *     unless {@link JdbcStoreBuilder#keyWrapper} says otherwise
   * @return a builder
   */
  public static JdbcStoreBuilder sqlite(Path file) {
    return new JdbcStoreBuilder(new SqliteFile(file));
  }

  /**
   * Starts describing a store in PostgreSQL, or in SQLite, by a JDBC URL.
   *
   * @param url begins with {@code jdbc:postgresql:} or {@code jdbc:sqlite:}; with a path behind the
   *     latter it is as {@link #sqlite}; what it has behind a question mark is shown nowhere
   * @return a builder
   */
  public static JdbcStoreBuilder url(String url) {
    String path = url.startsWith(SQLITE_URL) ? url.substring(SQLITE_URL.length()) : "";
    boolean isFile = !path.isEmpty() && !path.startsWith(":") && !path.startsWith("file:");
    return isFile && path.indexOf('?') < 0 ? sqlite(Path.of(path)) : new JdbcStoreBuilder(url);
  }

  /**
   * Starts describing a store in a database that the caller has a pool for.
   *
   * @param dataSource of SQLite or PostgreSQL; not closed with the store. The file of an SQLite
   *     store has to be there with mode 0600, if empty, before the store is made
   * @return a builder
   */
  public static JdbcStoreBuilder dataSource(DataSource dataSource) {
    return new JdbcStoreBuilder(dataSource);
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return lookup.byIdentity(pskIdentity.toBytes());
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return lookup.byEndpoint(nameOf(endpoint));
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return lookup
        .rowByIdentity(pskIdentity.toBytes())
        .map(row -> new String(row.endpoint(), UTF_8));
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return lookup.rowByEndpoint(nameOf(endpoint)).map(row -> PskIdentity.ofBytes(row.identity()));
  }

  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    return put(credential, PutBatch.Mode.PUTTING);
  }

  @Override
  public Optional<DeviceCredential> reinstate(DeviceCredential credential) {
    return put(credential, PutBatch.Mode.REINSTATING);
  }

  private Optional<DeviceCredential> put(DeviceCredential credential, PutBatch.Mode mode) {
    keyPolicy.check(credential);
    PutBatch.Previous previous =
        change(
            transaction -> {
              PutBatch batch = batch(transaction, List.of(credential), mode);
              PutBatch.Previous found = batch.put(credential);
              batch.write();
              return found;
            });
    return Optional.ofNullable(previous.row()).map(row -> Lookup.credential(row, previous.key()));
  }

  @Override
  public int putAll(Collection<DeviceCredential> credentials) {
    return putAll(credentials, PutBatch.Mode.PUTTING);
  }

  @Override
  public int addAll(Collection<DeviceCredential> credentials) {
    return putAll(credentials, PutBatch.Mode.ADDING);
  }

  private int putAll(Collection<DeviceCredential> credentials, PutBatch.Mode mode) {
    credentials.forEach(keyPolicy::check);
    return change(
        transaction -> {
          PutBatch batch = batch(transaction, credentials, mode);
          int changed = 0;
          for (DeviceCredential credential : credentials) {
            PutBatch.Previous previous = batch.put(credential);
            changed += previous.changed() ? 1 : 0;
            Optional.ofNullable(previous.key()).ifPresent(PreSharedKey::destroy);
          }
          batch.write();
          return changed;
        });
  }

  private PutBatch batch(
      Transaction transaction, Collection<DeviceCredential> credentials, PutBatch.Mode mode)
      throws SQLException {
    List<byte[]> endpoints = credentials.stream().map(c -> c.endpoint().getBytes(UTF_8)).toList();
    new Retirement(transaction, keys).finishDueOf(endpoints);
    PutBatch batch = new PutBatch(transaction, keys, mode);
    batch.read(endpoints, credentials.stream().map(c -> c.pskIdentity().toBytes()).toList());
    return batch;
  }

  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    byte[] name = nameOf(endpoint);
    return change(transaction -> new Retirement(transaction, keys).remove(name))
        .map(removed -> Lookup.credential(removed.row(), removed.key()));
  }

  @Override
  public boolean revoke(String endpoint, String reason) {
    requireReason(reason);
    byte[] name = nameOf(DeviceCredential.requireEndpoint(endpoint));
    return change(transaction -> new Retirement(transaction, keys).revoke(name, reason));
  }

  private static void requireReason(String reason) {
    if (reason.length() > MAX_REASON_LENGTH || reason.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a reason has at most " + MAX_REASON_LENGTH + " characters, and no NUL among them");
    }
  }

  @Override
  public void rotate(DeviceCredential next, Instant deadline) {
    keyPolicy.check(next);
    if (!deadline.isAfter(clock.instant()) || deadline.isAfter(LAST_DEADLINE)) {
      throw new IllegalArgumentException(
          "the deadline "
              + deadline
              + (deadline.isAfter(LAST_DEADLINE) ? " is too far off" : " has passed already"));
    }
    change(
        transaction -> {
          PutBatch batch = batch(transaction, List.of(next), PutBatch.Mode.PUTTING);
          batch.putNext(next);
          batch.write();
          new Rotations(transaction.session()).put(next.endpoint().getBytes(UTF_8), deadline);
          return null;
        });
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    byte[] identity = pskIdentity.toBytes();
    if (!lookup.isNext(identity)) {
      return false; // without waiting for whoever is writing
    }
    return change(transaction -> new Retirement(transaction, keys).confirm(identity));
  }

  /** Ends the rotations whose deadline has passed; lookups go by the deadline until then. */
  void finishDueRotations() {
    int batch = 1000;
    int found;
    do {
      found = change(transaction -> new Retirement(transaction, keys).finishDue(batch));
    } while (found == batch);
  }

  private interface Change<T> {
    T make(Transaction transaction) throws SQLException;
  }

  private <T> T change(Change<T> change) {
    record Done<R>(R result, List<RetiredCredential> retired) {}
    Done<T> done =
        database.transact(
            session -> {
              Transaction transaction = Transaction.begin(session, actor, clock.millis());
              T result = change.make(transaction);
              transaction.end();
              return new Done<>(result, transaction.retired());
            });
    listeners.tellAll(done.retired());
    return done.result();
  }

  @Override
  public Stream<DeviceCredential> stream() {
    return lookup.stream();
  }

  @Override
  public long size() {
    return state().endpoints();
  }

  StoreState state() {
    return database.read(StoreState::read);
  }

  @Override
  public Stream<Rotation> rotations() {
    return storedRotations().filter(rotation -> rotation.deadline().isAfter(clock.instant()));
  }

  /** All that nobody has ended yet, though their deadline may have passed. */
  Stream<Rotation> storedRotations() {
    return Pages.stream(
        new byte[0],
        after -> database.read(session -> new Rotations(session).after(after, Pages.SIZE)),
        rotation -> nameOf(rotation.endpoint()));
  }

  @Override
  public Stream<Revocation> revocations() {
    return Stream.of(Revocations.Kind.values()).flatMap(this::revocations);
  }

  private Stream<Revocation> revocations(Revocations.Kind kind) {
    return Pages.stream(
            new byte[0],
            after ->
                database.read(session -> new Revocations(session).after(kind, after, Pages.SIZE)),
            Revocations.Row::name)
        .map(Revocations.Row::revocation);
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    List<byte[]> names = List.of(nameOf(endpoint));
    return database
        .read(session -> new Revocations(session).of(Revocations.Kind.ENDPOINT, names))
        .stream()
        .map(Revocations.Row::revocation)
        .findAny();
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    return Pages.stream(
        after,
        last -> database.read(session -> AuditLog.after(session, last, Pages.SIZE)),
        AuditEntry::number);
  }

  /**
   * Seals all keys anew, under a new store key that is wrapped by this store's {@link KeyWrapper};
   * servers go on meanwhile, and learn of the new key by themselves. What was interrupted is taken
   * up by the next call.
   *
   * @param progress told how many credentials are done by now, after each thousand or so
   * @return how many credentials there are whose key does not open; they are left as they are, and
   *     so is the store key they claim
   */
  public long reseal(LongConsumer progress) {
    return new Reseal(database, keys, actor, clock).run(progress);
  }

  /**
   * Opens every key, and has the database look for damage.
   *
   * @param findings told of each thing that is wrong
   * @param progress told how many credentials are done by now, after each thousand or so
   * @return how many credentials were looked at
   */
  public long check(Consumer<StoreFinding> findings, LongConsumer progress) {
    return new StoreCheck(database, keys).run(findings, progress);
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  Database database() {
    return database;
  }

  KeyRing keys() {
    return keys;
  }

  Clock clock() {
    return clock;
  }

  /** Closes the store's connections, but not a caller's data source, and forgets its keys. */
  @Override
  public void close() {
    database.close();
    keys.destroy();
  }

  /**
   * Describes the store without its content.
   *
   * @return where it is, and the key policy
   */
  @Override
  public String toString() {
    return "JdbcCredentialStore[" + database.name() + ", " + keyPolicy + "]";
  }
}
