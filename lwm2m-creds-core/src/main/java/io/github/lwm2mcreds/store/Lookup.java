package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialRow.Role;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds credentials in the database, and opens their keys. */
final class Lookup {
  private final Database database;
  private final KeyRing keys;
  private final Clock clock;

  Lookup(Database database, KeyRing keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  Optional<DeviceCredential> byIdentity(byte[] identity) {
    return database.read(session -> open(session, rowOfIdentity(session, identity)));
  }

  Optional<DeviceCredential> byEndpoint(byte[] endpoint) {
    return database.read(session -> open(session, rowOfEndpoint(session, endpoint)));
  }

  /** The row of a credential that is good, whether its key opens or not. */
  Optional<CredentialRow> rowByIdentity(byte[] identity) {
    return database.read(session -> rowOfIdentity(session, identity));
  }

  /** The row of an endpoint's credential, whether its key opens or not. */
  Optional<CredentialRow> rowByEndpoint(byte[] endpoint) {
    return database.read(session -> rowOfEndpoint(session, endpoint));
  }

  private Optional<CredentialRow> rowOfIdentity(Session session, byte[] identity)
      throws SQLException {
    List<CredentialRow> found = new CredentialRows(session).ofIdentities(List.of(identity));
    return found.isEmpty() || isOver(session, found.get(0))
        ? Optional.empty()
        : Optional.of(found.get(0));
  }

  private Optional<CredentialRow> rowOfEndpoint(Session session, byte[] endpoint)
      throws SQLException {
    List<CredentialRow> found = new CredentialRows(session).ofEndpoints(List.of(endpoint));
    for (CredentialRow row : found) {
      // With one row there is no rotation. With two, one of them is the endpoint's.
      if (found.size() == 1 || (row.role() == Role.CURRENT) != isDue(session, endpoint)) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  /** Whether a current credential's time is over, though nobody has ended its rotation yet. */
  private boolean isOver(Session session, CredentialRow row) throws SQLException {
    return row.role() == Role.CURRENT && isDue(session, row.endpoint());
  }

  private boolean isDue(Session session, byte[] endpoint) throws SQLException {
    return new Rotations(session)
        .of(endpoint)
        .filter(rotation -> !rotation.deadline().isAfter(clock.instant()))
        .isPresent();
  }

  boolean isNext(byte[] identity) {
    return database.read(
        session ->
            new CredentialRows(session)
                .ofIdentities(List.of(identity)).stream().anyMatch(row -> row.role() == Role.NEXT));
  }

  Stream<DeviceCredential> stream() {
    return Pages.stream(
            new byte[0],
            after ->
                database.read(
                    session ->
                        new CredentialRows(session)
                            .currentAfter(after, clock.instant(), Pages.SIZE)),
            CredentialRow::endpoint)
        .map(row -> database.read(session -> open(session, row)));
  }

  private Optional<DeviceCredential> open(Session session, Optional<CredentialRow> row)
      throws SQLException {
    return row.isEmpty() ? Optional.empty() : Optional.of(open(session, row.get()));
  }

  private DeviceCredential open(Session session, CredentialRow row) throws SQLException {
    return credential(row, keys.open(session, row));
  }

  /** Makes a credential of a row and its key, which it owns from then on. */
  static DeviceCredential credential(CredentialRow row, PreSharedKey psk) {
    return DeviceCredential.of(
        new String(row.endpoint(), UTF_8), PskIdentity.ofBytes(row.identity()), psk);
  }
}
