package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.Revocations.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads an image of a store, and brings it up to date with the store's log. One thread at a time.
 */
final class MirrorFollower {
  private static final int MAX_ENTRIES = 5_000;

  private final JdbcCredentialStore store;
  private final Database database;
  private final KeyRing keys;
  private volatile MirrorImage image;
  private volatile long position;

  /** What was retired, and nobody was told of yet: kept while the database fails in between. */
  private final List<RetiredCredential> retired = new ArrayList<>();

  private boolean resealed;
  private boolean keysMissing;

  MirrorFollower(JdbcCredentialStore store) {
    this.store = store;
    this.database = store.database();
    this.keys = store.keys();
    load();
  }

  MirrorImage image() {
    return image;
  }

  private void load() {
    MirrorImage loaded = new MirrorImage(store.clock());
    StoreState state =
        database.snapshot(
            session -> {
              StoreState found = StoreState.read(session);
              StoreCheck.requireSound(session, database.name());
              keys.read(session);
              new CredentialRows(session).forEach(loaded::load);
              return found;
            });
    if (loaded.size() != state.endpoints() || loaded.nextSize() != state.nextCredentials()) {
      throw new CredentialStoreException(
          Reason.CORRUPT,
          database.name()
              + " has "
              + loaded.size()
              + " credentials and should have "
              + state.endpoints()
              + ": restore it from a backup; the check tells more");
    }
    store.storedRotations().forEach(loaded::loadRotation);
    store.revocations().filter(r -> r.pskIdentity().isEmpty()).forEach(loaded::loadRevocation);
    position = state.lastChange();
    image = loaded;
  }

  /** Applies all changes that the store has by now. */
  void follow() {
    long last = store.state().lastChange();
    if (last < position) {
      reloadOlder();
    }
    while (position < last) {
      List<AuditEntry> entries =
          database.read(session -> AuditLog.after(session, position, MAX_ENTRIES));
      if (entries.isEmpty()) {
        throw new CredentialStoreException(
            Reason.CORRUPT, database.name() + " lacks log entries after number " + position);
      }
      image.apply(database.read(session -> update(session, entries)));
      for (AuditEntry entry : entries) {
        retire(entry);
        resealed |= entry.action() == Action.RESEALED;
      }
      position = entries.get(entries.size() - 1).number();
    }
    // Now that every change is applied: a key that does not open must not keep one away.
    if (keysMissing) {
      database.read(
          session -> {
            keys.read(session);
            return null;
          });
      keys.requireAll();
      keysMissing = false;
    }
    if (resealed) {
      load(); // so that nothing is left of what the old store key opens
      keys.requireAll();
      resealed = false;
    }
  }

  /** What was retired by the changes that were applied since the last call. */
  List<RetiredCredential> takeRetired() {
    List<RetiredCredential> all = List.copyOf(retired);
    retired.clear();
    return all;
  }

  private MirrorImage.Update update(Session session, List<AuditEntry> entries) throws SQLException {
    Map<String, byte[]> touched = new LinkedHashMap<>();
    for (AuditEntry entry : entries) {
      if (!entry.endpoint().isEmpty()) {
        touched.computeIfAbsent(entry.endpoint(), endpoint -> endpoint.getBytes(UTF_8));
      }
    }
    Collection<byte[]> endpoints = touched.values();
    List<CredentialRow> rows = new CredentialRows(session).ofEndpoints(endpoints);
    keysMissing |= rows.stream().anyMatch(row -> keys.lacksKeyOf(row.sealed()));
    List<Rotation> rotations = new ArrayList<>();
    for (CredentialRow row : rows) {
      if (row.role() == CredentialRow.Role.NEXT) {
        new Rotations(session).of(row.endpoint()).ifPresent(rotations::add);
      }
    }
    List<Revocation> revocations =
        new Revocations(session)
            .of(Kind.ENDPOINT, endpoints).stream().map(Revocations.Row::revocation).toList();
    return new MirrorImage.Update(endpoints, rows, rotations, revocations);
  }

  private void retire(AuditEntry entry) {
    Cause cause =
        switch (entry.action()) {
          case REPLACED -> Cause.REPLACED;
          case REMOVED -> Cause.REMOVED;
          case REVOKED -> Cause.REVOKED;
          default -> null;
        };
    if (cause != null && entry.pskIdentity().isPresent()) {
      retired.add(new RetiredCredential(entry.endpoint(), entry.pskIdentity().get(), cause));
    }
  }

  /** The store was put back to an older state, from a backup: what differs now is retired. */
  private void reloadOlder() {
    MirrorImage before = image;
    load();
    before.all().filter(entry -> !image.has(entry)).forEach(this::retire);
  }

  private void retire(CompactTable.Entry gone) {
    retired.add(
        new RetiredCredential(
            new String(gone.endpoint(), UTF_8),
            PskIdentity.ofBytes(gone.identity()),
            image.findByEndpoint(gone.endpoint()) == null ? Cause.REMOVED : Cause.REPLACED));
  }
}
