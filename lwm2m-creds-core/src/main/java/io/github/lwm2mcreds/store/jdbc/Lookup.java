// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds credentials in the database, and opens their keys where they are asked for. */
final class Lookup {
  private final Database database;
  private final SealingKeys keys;
  private final Clock clock;

  Lookup(Database database, SealingKeys keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  Optional<DeviceCredential> byIdentity(PskIdentity pskIdentity) {
    return database.read(session -> open(session, rowOfIdentity(session, pskIdentity)));
  }

  Optional<DeviceCredential> byEndpoint(String endpoint) {
    return database.read(session -> open(session, rowOfEndpoint(session, endpoint)));
  }

  /** Returns an identity's endpoint, whether its key opens or not. */
  Optional<String> endpointOf(PskIdentity pskIdentity) {
    return database
        .read(session -> rowOfIdentity(session, pskIdentity))
        .map(SealedCredential::endpoint);
  }

  /** Returns an endpoint's identity, whether its key opens or not. */
  Optional<PskIdentity> identityOf(String endpoint) {
    return database
        .read(session -> rowOfEndpoint(session, endpoint))
        .map(SealedCredential::pskIdentity);
  }

  private Optional<SealedCredential> rowOfIdentity(JdbcSession session, PskIdentity pskIdentity)
      throws SQLException {
    List<SealedCredential> found = new CredentialTable(session).ofIdentities(List.of(pskIdentity));
    return found.isEmpty() || isOver(session, found.get(0))
        ? Optional.empty()
        : Optional.of(found.get(0));
  }

  private Optional<SealedCredential> rowOfEndpoint(JdbcSession session, String endpoint)
      throws SQLException {
    List<SealedCredential> found = new CredentialTable(session).ofEndpoints(List.of(endpoint));
    for (SealedCredential row : found) {
      // With one row there is no rotation. With two, one of them is the endpoint's.
      if (found.size() == 1 || (row.role() == Role.CURRENT) != isDue(session, endpoint)) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  /** Whether a current credential's time is over, though nobody has ended its rotation yet. */
  private boolean isOver(JdbcSession session, SealedCredential row) throws SQLException {
    return row.role() == Role.CURRENT && isDue(session, row.endpoint());
  }

  private boolean isDue(JdbcSession session, String endpoint) throws SQLException {
    return new RotationTable(session)
        .of(List.of(endpoint)).stream().anyMatch(rotation -> !isUnderWay(rotation));
  }

  private boolean isUnderWay(Rotation rotation) {
    return rotation.deadline().isAfter(clock.instant());
  }

  Optional<Rotation> rotationOf(String endpoint) {
    return database.read(session -> new RotationTable(session).of(List.of(endpoint))).stream()
        .filter(this::isUnderWay)
        .findAny();
  }

  Stream<Rotation> rotations() {
    return Pages.stream(
            "",
            after -> database.read(session -> new RotationTable(session).after(after, Pages.SIZE)),
            Rotation::endpoint)
        .filter(this::isUnderWay);
  }

  boolean isNext(PskIdentity pskIdentity) {
    return database.read(
        session ->
            new CredentialTable(session)
                .ofIdentities(List.of(pskIdentity)).stream()
                    .anyMatch(row -> row.role() == Role.NEXT));
  }

  Stream<CredentialSummary> stream() {
    return Pages.stream(
        "",
        after -> database.read(session -> summaries(session, after)),
        CredentialSummary::endpoint);
  }

  private List<CredentialSummary> summaries(JdbcSession session, String after) throws SQLException {
    List<CredentialSummary> summaries = new ArrayList<>();
    for (SealedCredential row :
        new CredentialTable(session).currentAfter(after, clock.instant(), Pages.SIZE)) {
      summaries.add(
          new CredentialSummary(row.endpoint(), row.pskIdentity(), keys.checkValue(session, row)));
    }
    return summaries;
  }

  private Optional<DeviceCredential> open(JdbcSession session, Optional<SealedCredential> row)
      throws SQLException {
    return row.isEmpty()
        ? Optional.empty()
        : Optional.of(
            DeviceCredential.of(
                row.get().endpoint(), row.get().pskIdentity(), keys.open(session, row.get())));
  }
}
