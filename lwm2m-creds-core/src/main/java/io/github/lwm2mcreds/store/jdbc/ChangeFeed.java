// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.StoreEngine.Changes;
import io.github.lwm2mcreds.store.StoreEngine.KeyChange;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.StoreEngine.Snapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What mirrors read of a database: all of it, and what its log says has changed since. */
final class ChangeFeed {
  private static final int MAX_ENTRIES = 5_000;

  private final Database database;
  private final SealingKeys keys;

  ChangeFeed(Database database, SealingKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  Snapshot load(Optional<Position> since, Consumer<SealedCredential> credentials) {
    return database.snapshot(
        session ->
            CheckAlongside.run(
                database,
                session,
                () -> {
                  keys.read(session);
                  return null;
                },
                () -> load(session, since, credentials)));
  }

  private Snapshot load(
      JdbcSession session, Optional<Position> since, Consumer<SealedCredential> credentials)
      throws SQLException {
    StateTable.State state = new StateTable(session).read();
    Optional<List<RetiredCredential>> retired = retiredSince(session, since);
    requireCount(new CredentialTable(session).forEach(credentials), state);
    return new Snapshot(
        new StateTable(session).end(),
        new RotationTable(session).all(),
        revokedEndpoints(session),
        retired);
  }

  private static Optional<List<RetiredCredential>> retiredSince(
      JdbcSession session, Optional<Position> since) throws SQLException {
    if (since.isEmpty()) {
      return Optional.empty();
    }
    Position end = new StateTable(session).end();
    Position at = since.get();
    List<RetiredCredential> retired = new ArrayList<>();
    while (at.number() < end.number()) {
      List<AuditEntry> entries = entriesFrom(session, at);
      if (entries == null || entries.isEmpty()) {
        return Optional.empty();
      }
      entries.forEach(entry -> retired(entry).ifPresent(retired::add));
      AuditEntry last = entries.get(entries.size() - 1);
      at = new Position(last.number(), last.hash());
    }
    return at.equals(end) ? Optional.of(retired) : Optional.empty();
  }

  /** An index that is damaged may count other rows than the table has. */
  private void requireCount(long read, StateTable.State state) {
    long expected = state.endpoints() + state.nextCredentials();
    if (read != expected) {
      throw new CredentialStoreException(
          Reason.CORRUPT,
          database.name()
              + " has "
              + read
              + " credentials and should have "
              + expected
              + ": restore it from a backup; the check tells more");
    }
  }

  private static List<Revocation> revokedEndpoints(JdbcSession session) throws SQLException {
    List<Revocation> all = new ArrayList<>();
    List<Revocation> page;
    byte[] last = new byte[0];
    do {
      page = new RevocationTable(session).after(RevocationTable.Kind.ENDPOINT, last, Pages.SIZE);
      all.addAll(page);
      last = page.isEmpty() ? last : RevocationTable.nameOf(page.get(page.size() - 1));
    } while (page.size() == Pages.SIZE);
    return all;
  }

  /** Whoever is up to date costs one query. */
  Optional<Changes> after(Position position, Position seen) {
    Position end = database.read(session -> new StateTable(session).end());
    return end.equals(position) && end.equals(seen)
        ? Optional.of(none(end))
        : database.snapshot(session -> after(session, position, seen));
  }

  private static Changes none(Position end) {
    return new Changes(
        end, end, Set.of(), List.of(), List.of(), List.of(), List.of(), KeyChange.UNCHANGED);
  }

  private Optional<Changes> after(JdbcSession session, Position position, Position seen)
      throws SQLException {
    Position end = new StateTable(session).end();
    if (!goesThrough(session, seen, end)) {
      return Optional.empty();
    }
    List<AuditEntry> entries = entriesFrom(session, position);
    if (entries == null) {
      return Optional.empty();
    }
    if (entries.isEmpty() && end.number() > position.number()) {
      throw new CredentialStoreException(
          Reason.CORRUPT, database.name() + " lacks log entries after number " + position.number());
    }
    return Optional.of(changes(session, position, end, entries));
  }

  /** Whether the history that has this end goes through a position. */
  static boolean goesThrough(JdbcSession session, Position position, Position end)
      throws SQLException {
    if (position.number() == 0 || position.number() >= end.number()) {
      return position.equals(position.number() == 0 ? new StateTable(session).beginning() : end);
    }
    return new AuditTable(session)
        .after(position.number() - 1, 1).stream()
            .anyMatch(entry -> entry.hash().equals(position.hash()));
  }

  /** Reads the entries after a position; null if the history does not go through it. */
  private static List<AuditEntry> entriesFrom(JdbcSession session, Position position)
      throws SQLException {
    AuditTable log = new AuditTable(session);
    if (position.number() == 0) {
      boolean begins = new StateTable(session).beginning().equals(position);
      return begins ? log.after(0, MAX_ENTRIES) : null;
    }
    List<AuditEntry> entries = log.after(position.number() - 1, MAX_ENTRIES + 1);
    boolean goesThrough = !entries.isEmpty() && entries.get(0).hash().equals(position.hash());
    return goesThrough ? entries.subList(1, entries.size()) : null;
  }

  private Changes changes(
      JdbcSession session, Position position, Position last, List<AuditEntry> entries)
      throws SQLException {
    Position end = position;
    Set<String> endpoints = new LinkedHashSet<>();
    List<RetiredCredential> retired = new ArrayList<>();
    boolean resealed = false;
    for (AuditEntry entry : entries) {
      end = new Position(entry.number(), entry.hash());
      if (!entry.endpoint().isEmpty()) {
        endpoints.add(entry.endpoint());
      }
      retired(entry).ifPresent(retired::add);
      resealed |= entry.action() == Action.RESEALED;
    }
    List<SealedCredential> credentials = new CredentialTable(session).ofEndpoints(endpoints);
    List<String> rotating =
        credentials.stream()
            .filter(credential -> credential.role() == Role.NEXT)
            .map(SealedCredential::endpoint)
            .toList();
    return new Changes(
        end,
        last,
        endpoints,
        credentials,
        new RotationTable(session).of(rotating),
        new RevocationTable(session).ofEndpoints(endpoints),
        retired,
        resealed
            ? KeyChange.REPLACED
            : credentials.stream().anyMatch(keys.ring()::lacksKeyOf)
                ? KeyChange.ADDED
                : KeyChange.UNCHANGED);
  }

  private static Optional<RetiredCredential> retired(AuditEntry entry) {
    Cause cause =
        switch (entry.action()) {
          case REPLACED -> Cause.REPLACED;
          case REMOVED -> Cause.REMOVED;
          case REVOKED -> Cause.REVOKED;
          case ADDED, REINSTATED, ROTATION_STARTED, ROTATED, RESEALED -> null;
        };
    return cause == null
        ? Optional.empty()
        : entry.pskIdentity().map(id -> new RetiredCredential(entry.endpoint(), id, cause));
  }

  void requireSealingKeys() {
    database.read(
        session -> {
          keys.read(session);
          return null;
        });
    keys.ring().requireAll();
  }
}
