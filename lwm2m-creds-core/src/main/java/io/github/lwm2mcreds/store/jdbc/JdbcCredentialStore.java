// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.ImportCounts;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportedRow;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.internal.Listeners;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A store in a database: SQLite, which needs only a file, or PostgreSQL. Many processes may use it
 * at the same time.
 *
 * <p>A change is on disk when its method returns. Keys are sealed; see {@link
 * io.github.lwm2mcreds.store.seal}. Every find asks the database: for handshakes, put a {@code
 * MirroredCredentialStore} in front. Listeners are called for changes made through this object; the
 * mirror's listeners for all changes.
 *
 * <p>A damaged store is refused when it is opened or when the damaged part is used; {@link #check}
 * and the mirror look at all of it. SQLite does not notice when its log, the file that ends in
 * {@code -wal}, is deleted or damaged: the last changes may then be missing.
 *
 * <p>Needs the database's driver on the class path: {@code org.xerial:sqlite-jdbc} or {@code
 * org.postgresql:postgresql}.
 */
public final class JdbcCredentialStore implements StoreEngine {
  static final String SQLITE_URL = "jdbc:sqlite:";

  /** The last one that has a number of milliseconds. */
  private static final Instant LAST_DEADLINE = Instant.ofEpochMilli(Long.MAX_VALUE);

  private static final int MAX_REASON_LENGTH = 1000;

  private final Database database;
  private final SealingKeys keys;
  private final KeyPolicy keyPolicy;
  private final String actor;
  private final Clock clock;
  private final boolean notifications;
  private final Lookup lookup;
  private final ChangeFeed feed;
  private final Listeners<CredentialStoreListener, RetiredCredential> listeners;

  JdbcCredentialStore(JdbcStoreBuilder description, Database database, SealingKeys keys) {
    this.database = database;
    this.keys = keys;
    this.keyPolicy = description.keyPolicy;
    this.actor = description.actor;
    this.clock = description.clock;
    this.notifications = description.notifications;
    this.lookup = new Lookup(database, keys, clock);
    this.feed = new ChangeFeed(database, keys);
    this.listeners = new Listeners<>(CredentialStoreListener::credentialRetired);
  }

  /** Makes the same store, for another actor. */
  private JdbcCredentialStore(JdbcCredentialStore store, String actor) {
    this.database = store.database;
    this.keys = store.keys;
    this.keyPolicy = store.keyPolicy;
    this.actor = actor;
    this.clock = store.clock;
    this.notifications = store.notifications;
    this.lookup = store.lookup;
    this.feed = store.feed;
    this.listeners = store.listeners;
  }

  /**
   * Starts describing a store in an SQLite file.
   *
   * @param file the database. Its wrapping key is in a key file, named like the database with
   *     {@code .key} appended, unless {@link JdbcStoreBuilder#keyWrapper} sets another
   * @return a builder
   */
  public static JdbcStoreBuilder sqlite(Path file) {
    return new JdbcStoreBuilder(new SqliteFile(file));
  }

  /**
   * Starts describing a store in PostgreSQL, or in SQLite, by a JDBC URL. The store keeps up to
   * four connections open between uses, and one on which it listens, see {@link
   * JdbcStoreBuilder#notifications}.
   *
   * <p>It works behind PgBouncer as it is installed, with {@code pool_mode} {@code session} or
   * {@code transaction}. The store notices a pooler: it prepares no statements on the server then,
   * sets its time limits in each transaction, and listens for nothing. PgBouncer does not pass
   * {@code currentSchema} on; set the {@code search_path} of the database's role instead.
   *
   * <p>With several hosts, as in {@code jdbc:postgresql://db1,db2/fleet}, the store uses the one
   * that is the primary, wherever that is after a fail-over. A standby may be behind, and a mirror
   * would take it for a store that has lost changes.
   *
   * @param url begins with {@code jdbc:postgresql:} or {@code jdbc:sqlite:}; the latter followed by
   *     a path is the same as {@link #sqlite}. Its parameters are never shown, and prevail over
   *     what the store would set
   * @return a builder
   */
  public static JdbcStoreBuilder url(String url) {
    String path = url.startsWith(SQLITE_URL) ? url.substring(SQLITE_URL.length()) : "";
    boolean isFile = !path.isEmpty() && !path.startsWith(":") && !path.startsWith("file:");
    return isFile && path.indexOf('?') < 0
        ? sqlite(Path.of(path))
        : new JdbcStoreBuilder(new Location.Url(url));
  }

  /**
   * Starts describing a store in a database for which the caller has a pool.
   *
   * <p>Each query or transaction takes a connection that is in no transaction and gives it back as
   * it was: its time limits are set for one transaction, and what is set on the connection is put
   * back (auto-commit, the network time-out if there was none, SQLite's {@code busy_timeout} and
   * {@code synchronous}). Transactions have the isolation level that the store needs. A mirror
   * holds one connection to listen on, see {@link JdbcStoreBuilder#notifications}.
   *
   * <p>Behind PgBouncer a pool works as {@link #url} does. If the pool hides PostgreSQL's driver
   * ({@code Connection.unwrap}), its URL needs {@code prepareThreshold=0}, which the error says.
   *
   * @param dataSource of SQLite or PostgreSQL; not closed with the store. For SQLite, the file must
   *     exist with mode 0600, if only empty, before the store is made
   * @return a builder
   */
  public static JdbcStoreBuilder dataSource(DataSource dataSource) {
    return new JdbcStoreBuilder(
        new Location.CallersDataSource(Objects.requireNonNull(dataSource, "dataSource")));
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return lookup.byIdentity(pskIdentity);
  }

  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return lookup.byEndpoint(endpoint);
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return lookup.endpointOf(pskIdentity);
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return lookup.identityOf(endpoint);
  }

  @Override
  public PutOutcome put(DeviceCredential credential) {
    return put(credential, PutBatch.Mode.PUTTING);
  }

  @Override
  public PutOutcome add(DeviceCredential credential) {
    return put(credential, PutBatch.Mode.ADDING);
  }

  @Override
  public PutOutcome reinstate(DeviceCredential credential) {
    return put(credential, PutBatch.Mode.REINSTATING);
  }

  private PutOutcome put(DeviceCredential credential, PutBatch.Mode mode) {
    keyPolicy.check(credential);
    return change(
        transaction -> {
          PutBatch batch = PutBatch.of(List.of(credential), mode, transaction, keys);
          PutOutcome outcome = batch.put(credential);
          batch.write();
          return outcome;
        });
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
          PutBatch batch = PutBatch.of(credentials, mode, transaction, keys);
          int changed = 0;
          for (DeviceCredential credential : credentials) {
            changed += batch.put(credential) == PutOutcome.UNCHANGED ? 0 : 1;
          }
          batch.write();
          return changed;
        });
  }

  /**
   * {@inheritDoc} Batches of ten thousand: as long as one is written, which is a fraction of a
   * second, others who change the store wait.
   */
  @Override
  public ImportCounts importAll(Iterator<DeviceCredential> credentials, ImportOptions options) {
    PutBatch.Mode mode = options.replaces() ? PutBatch.Mode.PUTTING : PutBatch.Mode.ADDING;
    NewCredentials newCredentials = new NewCredentials();
    BulkImport.Writer writer =
        options.isDryRun()
            ? batch -> foresee(batch, mode, newCredentials)
            : batch -> write(batch, mode, newCredentials);
    try {
      return new BulkImport(keyPolicy, keys.ring(), options, writer).run(credentials);
    } finally {
      keepLittleInMemory();
    }
  }

  private void keepLittleInMemory() {
    if (database.kind() != DatabaseKind.SQLITE) {
      return;
    }
    try {
      database.hold(
          session -> {
            session.keepMuchInMemory(false);
            return null;
          });
    } catch (CredentialStoreException e) {
      // the import is done, or has failed for a better reason
    }
  }

  private BulkImport.Written write(
      ImportBatch batch, PutBatch.Mode mode, NewCredentials newCredentials) {
    batch.awaitPrepared();
    Done<List<ImportedRow>> done =
        transact(
            transaction -> {
              transaction.session().keepMuchInMemory(true);
              return new ImportMerge(transaction, keys, mode, newCredentials, batch).write();
            });
    return new BulkImport.Written(done.result, () -> listeners.tellAll(done.retired));
  }

  private BulkImport.Written foresee(
      ImportBatch batch, PutBatch.Mode mode, NewCredentials newCredentials) {
    batch.awaitPrepared();
    List<ImportedRow> rows =
        database.rehearse(
            session -> {
              Transaction transaction = Transaction.begin(session, actor, clock.instant());
              return new ImportMerge(transaction, keys, mode, newCredentials, batch).foresee();
            });
    return new BulkImport.Written(rows, () -> {});
  }

  @Override
  public boolean remove(String endpoint) {
    return change(transaction -> new Retirement(transaction, keys).remove(endpoint));
  }

  @Override
  public boolean revoke(String endpoint, String reason) {
    requireReason(reason);
    DeviceCredential.requireEndpoint(endpoint);
    record Result(boolean hadCredential, boolean isUntold) {}
    Result result =
        change(
            transaction -> {
              boolean had = new Retirement(transaction, keys).revoke(endpoint, reason);
              return new Result(had, transaction.retired().isEmpty() && transaction.hasLogged());
            });
    if (result.isUntold) {
      listeners.forEach(CredentialStoreListener::changesMissed);
    }
    return result.hadCredential;
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
          PutBatch batch = PutBatch.of(List.of(next), PutBatch.Mode.PUTTING, transaction, keys);
          batch.putNext(next, deadline);
          batch.write();
          return null;
        });
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    if (!lookup.isNext(pskIdentity)) {
      return false; // without waiting for whoever is writing
    }
    return change(transaction -> new Retirement(transaction, keys).confirm(pskIdentity));
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public void finishDueRotations() {
    int batch = 1000;
    int found;
    do {
      found = change(transaction -> new Retirement(transaction, keys).finishDue(batch));
    } while (found == batch);
  }

  private interface Change<T> {
    T make(Transaction transaction) throws SQLException;
  }

  /** What a change returns, and the credentials that it took away. */
  private record Done<T>(T result, List<RetiredCredential> retired) {}

  private <T> T change(Change<T> change) {
    Done<T> done = transact(change);
    listeners.tellAll(done.retired);
    return done.result;
  }

  private <T> Done<T> transact(Change<T> change) {
    return database.transact(
        session -> {
          Transaction transaction = Transaction.begin(session, actor, clock.instant());
          T result = change.make(transaction);
          transaction.end();
          return new Done<>(result, transaction.retired());
        });
  }

  @Override
  public Stream<CredentialSummary> stream() {
    return lookup.stream();
  }

  @Override
  public long size() {
    return state().endpoints();
  }

  Database database() {
    return database;
  }

  StateTable.State state() {
    return database.read(session -> new StateTable(session).read());
  }

  @Override
  public Optional<Rotation> findRotation(String endpoint) {
    return lookup.rotationOf(endpoint);
  }

  @Override
  public Stream<Rotation> rotations() {
    return lookup.rotations();
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    return database
        .read(session -> new RevocationTable(session).ofEndpoints(List.of(endpoint)))
        .stream()
        .findAny();
  }

  @Override
  public Stream<Revocation> revocations() {
    return Stream.of(RevocationTable.Kind.values()).flatMap(this::revocations);
  }

  private Stream<Revocation> revocations(RevocationTable.Kind kind) {
    return Pages.stream(
        new byte[0],
        after ->
            database.read(session -> new RevocationTable(session).after(kind, after, Pages.SIZE)),
        RevocationTable::nameOf);
  }

  @Override
  public <T> T changeAs(
      String otherActor, Function<? super ManagedCredentialStore, ? extends T> change) {
    return change.apply(
        new JdbcCredentialStore(this, Objects.requireNonNull(otherActor, "otherActor")));
  }

  @Override
  public Stream<AuditEntry> audit(long after) {
    return Pages.stream(
        after,
        last -> database.read(session -> new AuditTable(session).after(last, Pages.SIZE)),
        AuditEntry::number);
  }

  @Override
  public Snapshot load(Optional<Position> since, Consumer<SealedCredential> credentials) {
    return feed.load(since, credentials);
  }

  @Override
  public Optional<Changes> changesAfter(Position position, Position seen) {
    return feed.after(position, seen);
  }

  @Override
  public void requireSealingKeys() {
    feed.requireSealingKeys();
  }

  @Override
  public PreSharedKey open(SealedCredential credential) {
    return keys.ring().open(credential);
  }

  /**
   * {@inheritDoc} PostgreSQL tells at once, on a connection that is held for this, unless {@link
   * JdbcStoreBuilder#notifications} forbids it or a pooler is in between; SQLite never does.
   */
  @Override
  public Registration onChange(Runnable wake) {
    return notifications ? PostgresNotifications.start(database, wake) : () -> {};
  }

  /**
   * Seals all keys anew, under a new sealing key that is wrapped by this store's {@link
   * KeyWrapper}. Servers go on and pick the new key up by themselves. If it is interrupted, the
   * next call resumes it.
   *
   * @param progress called with the number of credentials done, after each thousand or so
   * @return the number of credentials whose key does not open; they stay as they are, and so does
   *     the sealing key they name
   */
  public long reseal(LongConsumer progress) {
    return new Reseal(database, keys, actor, clock).run(progress);
  }

  /**
   * Follows the history from its beginning, and finds out whether a change was altered, inserted or
   * taken out. It does not show what was cut off at the end, nor a history that somebody with the
   * right to write has computed anew: {@link #compare} finds these.
   *
   * @param findings called if the history is broken
   * @param progress called with the number of changes done, after each thousand or so
   * @return how far the history is unbroken: the last change, or the last one before a break
   */
  public Position verifyHistory(Consumer<StoreFinding> findings, LongConsumer progress) {
    return new HistoryCheck(database).walk(findings, progress);
  }

  /**
   * Returns where the history stands, to be kept elsewhere and {@linkplain #compare compared}
   * later.
   *
   * @return the checkpoint
   */
  public AuditCheckpoint checkpoint() {
    return new HistoryCheck(database).checkpoint(clock);
  }

  /**
   * Finds out whether the history still goes through a checkpoint. It may have gone on since. With
   * {@link #verifyHistory}, which finds what is missing before it, this tells that the history has
   * everything it had then.
   *
   * @param checkpoint of this store
   * @return what is wrong; empty if nothing is
   */
  public Optional<StoreFinding> compare(AuditCheckpoint checkpoint) {
    return new HistoryCheck(database).compare(checkpoint);
  }

  /**
   * Returns where the store stands.
   *
   * @return its counts and the end of its history, all of one moment
   */
  public StoreStatus status() {
    return database.snapshot(
        session -> {
          StateTable table = new StateTable(session);
          StateTable.State state = table.read();
          return new StoreStatus(
              table.schemaVersion(),
              new KeyTable(session).count(),
              table.end(),
              state.endpoints(),
              state.nextCredentials(),
              state.revocations());
        });
  }

  /**
   * Opens every key, follows the history, and lets the database look for damage.
   *
   * @param findings called for each thing that is wrong
   * @param progress called with the number of credentials done, after each thousand or so
   * @return the number of credentials that were checked
   */
  public long check(Consumer<StoreFinding> findings, LongConsumer progress) {
    return new StoreCheck(database, keys).run(findings, progress);
  }

  /**
   * Finds devices that share a key, by opening every key: whoever has one of them can impersonate
   * the others. Takes about 60 bytes of memory a credential.
   *
   * @param findings called for each device whose key another one has, too, which it names
   * @param progress called with the number of credentials done, after each thousand or so
   * @return the number of credentials that were compared
   */
  public long findSharedKeys(Consumer<StoreFinding> findings, LongConsumer progress) {
    return new SharedKeys(database, keys).run(findings, progress);
  }

  @Override
  public Optional<SessionLedger> sessionLedger() {
    return Optional.of(new JdbcSessionLedger(database, keys, clock));
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  /** Closes the store's connections, but not a caller's data source, and forgets its keys. */
  @Override
  public void close() {
    database.close();
    keys.ring().destroy();
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
