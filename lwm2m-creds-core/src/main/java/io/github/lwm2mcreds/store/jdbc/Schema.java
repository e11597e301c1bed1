// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of a store, and their version.
 *
 * <p>Names are bytes, so that neither a collation nor an encoding can make two of them one. SQLite
 * does not mind the type BYTEA.
 */
final class Schema {
  /** What brings a store from version n to n + 1. */
  interface Step {
    void take(JdbcSession session) throws SQLException;
  }

  private static final List<Step> STEPS =
      List.of(
          sql(
              // One row. A transaction that writes locks it first, so that the numbers of changes
              // ascend in the order of commits.
              """
              CREATE TABLE lwm2m_creds_state (
                id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
                schema_version INTEGER NOT NULL,
                last_change BIGINT NOT NULL,
                endpoints BIGINT NOT NULL,
                next_credentials BIGINT NOT NULL,
                revocations BIGINT NOT NULL,
                active_key INTEGER NOT NULL)\
              """,
              """
              CREATE TABLE lwm2m_creds_key (
                key_id INTEGER NOT NULL PRIMARY KEY,
                wrapped BYTEA NOT NULL,
                made BIGINT NOT NULL)\
              """,
              // role 0 is an endpoint's current credential, 1 its next one.
              """
              CREATE TABLE lwm2m_creds_credential (
                identity BYTEA NOT NULL PRIMARY KEY,
                endpoint BYTEA NOT NULL,
                role SMALLINT NOT NULL,
                sealed BYTEA NOT NULL,
                UNIQUE (endpoint, role))\
              """,
              """
              CREATE TABLE lwm2m_creds_rotation (
                endpoint BYTEA NOT NULL PRIMARY KEY,
                deadline BIGINT NOT NULL)\
              """,
              // kind 0 is an endpoint, 1 an identity.
              """
              CREATE TABLE lwm2m_creds_revocation (
                kind SMALLINT NOT NULL,
                name BYTEA NOT NULL,
                endpoint BYTEA NOT NULL,
                time BIGINT NOT NULL,
                reason TEXT NOT NULL,
                PRIMARY KEY (kind, name))\
              """,
              """
              CREATE TABLE lwm2m_creds_audit (
                number %LONG_KEY% NOT NULL PRIMARY KEY,
                time BIGINT NOT NULL,
                actor TEXT NOT NULL,
                action TEXT NOT NULL,
                endpoint BYTEA NOT NULL,
                identity BYTEA,
                check_value TEXT,
                reason TEXT NOT NULL)\
              """,
              "INSERT INTO lwm2m_creds_state VALUES (1, 1, 0, 0, 0, 0, 0)"),
          session -> new HistoryMigration(session).run(),
          sql(SessionTable.CREATE));

  /** The version that this code reads and writes. */
  static final int VERSION = STEPS.size();

  private Schema() {}

  static Step sql(String... statements) {
    return session -> {
      for (String statement : statements) {
        session.execute(statement.replace("%LONG_KEY%", session.kind().longKey()));
      }
    };
  }

  /** Whether there is no table at all. */
  static boolean isEmpty(JdbcSession session) throws SQLException {
    return session.number("SELECT count(*) FROM sqlite_master") == 0;
  }

  /** Whether there is a store, of whatever version. */
  static boolean exists(JdbcSession session) throws SQLException {
    PreparedStatement query = session.prepare(session.kind().tableExists());
    query.setString(1, StateTable.NAME);
    try (ResultSet result = query.executeQuery()) {
      result.next();
      return result.getInt(1) > 0;
    }
  }

  /** Makes the tables, in the transaction of the caller. */
  static void create(JdbcSession session) throws SQLException {
    migrate(session, 0, STEPS);
  }

  /** Brings an older store up to date, in the transaction of the caller. */
  static void update(JdbcSession session, String store) throws SQLException {
    if (session.kind() == DatabaseKind.POSTGRESQL) { // the whole of SQLite is locked
      // Others may be bringing it up to date; whoever waits for the row would be in the way later.
      session.execute("LOCK TABLE " + StateTable.NAME + " IN EXCLUSIVE MODE");
    }
    migrate(session, knownVersion(session, store), STEPS);
  }

  /** The version of a store; refuses one that is newer than this code. */
  static int knownVersion(JdbcSession session, String store) throws SQLException {
    int version = new StateTable(session).schemaVersion();
    if (version > VERSION) {
      throw new CredentialStoreException(
          Reason.NEWER_SCHEMA,
          store
              + " has schema version "
              + version
              + "; this release knows up to "
              + VERSION
              + ": use a newer one");
    }
    return version;
  }

  static void migrate(JdbcSession session, int from, List<Step> steps) throws SQLException {
    for (int version = from; version < steps.size(); version++) {
      steps.get(version).take(session);
      new StateTable(session).setSchemaVersion(version + 1);
    }
  }
}
