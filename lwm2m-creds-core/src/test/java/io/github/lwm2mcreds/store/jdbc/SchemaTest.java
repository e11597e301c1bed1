// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How stores of other releases fare. */
class SchemaTest {
  private static final Schema.Step MADE_ALREADY = session -> {};

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();

  @BeforeEach
  void makeStore() {
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      store.put(credential("a", 1));
    }
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void open_newerSchema_isRefusedAndChangesNothing() throws IOException {
    setVersion(Schema.VERSION + 1);

    byte[] before = Files.readAllBytes(file);
    assertFails(Reason.NEWER_SCHEMA, this::open)
        .contains("schema version " + (Schema.VERSION + 1), "use a newer one");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void open_impossibleSchema_isCorrupt() {
    setVersion(0);

    assertFails(Reason.CORRUPT, this::open).contains("schema version 0");
  }

  @Test
  void open_noState_isCorrupt() {
    sql(file, "DELETE FROM lwm2m_creds_state");

    assertFails(Reason.CORRUPT, this::open).contains("state is missing");
  }

  /** Makes the store one of the first version, which had no hashes. */
  private void makeFirstVersion() {
    for (String statement :
        List.of(
            "CREATE TABLE old AS SELECT number, time, actor, action, endpoint, identity,"
                + " check_value, reason FROM lwm2m_creds_audit",
            "DROP TABLE lwm2m_creds_audit",
            "CREATE TABLE lwm2m_creds_audit (number INTEGER NOT NULL PRIMARY KEY,"
                + " time BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,"
                + " endpoint BYTEA NOT NULL, identity BYTEA, check_value TEXT,"
                + " reason TEXT NOT NULL)",
            "INSERT INTO lwm2m_creds_audit SELECT * FROM old",
            "DROP TABLE old",
            "ALTER TABLE lwm2m_creds_state DROP COLUMN first_hash",
            "ALTER TABLE lwm2m_creds_state DROP COLUMN last_hash",
            "DROP TABLE lwm2m_creds_sessions")) {
      sql(file, statement);
    }
    setVersion(1);
  }

  @Test
  void open_firstVersion_getsAHistory() {
    List<AuditEntry> before;
    try (JdbcCredentialStore store = open()) {
      store.putAll(IntStream.range(0, 2_100).mapToObj(n -> credential("d-" + n, n)).toList());
      store.reseal(done -> {});
      before = store.audit(0).toList();
    }
    makeFirstVersion();

    try (JdbcCredentialStore store = open()) {
      List<StoreFinding> findings = new ArrayList<>();
      assertThat(store.audit(0).toList())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("hash")
          .isEqualTo(before);
      assertThat(store.verifyHistory(findings::add, done -> {}).number()).isEqualTo(before.size());
      store.put(credential("later", 1));
      store.check(findings::add, done -> {});
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void write_byAFirstReleaseThatHasTheStoreOpen_isRefused() {
    assertThatThrownBy(
            () ->
                sql(
                    file,
                    "INSERT INTO lwm2m_creds_audit (number, time, actor, action, endpoint,"
                        + " identity, check_value, reason)"
                        + " VALUES (2, 0, '', 'ADDED', x'61', x'61', NULL, '')"))
        .hasStackTraceContaining("hash");
  }

  @Test
  void migrate_olderStore_takesEachStepThatIsMissing() {
    try (JdbcCredentialStore store = open()) {
      migrate(
          store,
          List.of(
              MADE_ALREADY,
              MADE_ALREADY,
              MADE_ALREADY,
              Schema.sql("ALTER TABLE lwm2m_creds_credential ADD COLUMN note TEXT"),
              Schema.sql(
                  "UPDATE lwm2m_creds_credential SET note = 'step 5'",
                  "CREATE TABLE lwm2m_creds_more (id %LONG_KEY% PRIMARY KEY)")));

      assertThat(query(store, "SELECT note FROM lwm2m_creds_credential")).isEqualTo("step 5");
      assertThat(query(store, "SELECT count(*) FROM lwm2m_creds_more")).isEqualTo("0");
      assertThat(query(store, "SELECT schema_version FROM lwm2m_creds_state")).isEqualTo("5");
      assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
    }
  }

  @Test
  void migrate_stepThatFails_changesNothing() {
    try (JdbcCredentialStore store = open()) {
      assertFails(
          Reason.UNAVAILABLE,
          () ->
              migrate(
                  store,
                  List.of(
                      MADE_ALREADY,
                      MADE_ALREADY,
                      MADE_ALREADY,
                      Schema.sql("ALTER TABLE lwm2m_creds_credential ADD COLUMN note TEXT"),
                      Schema.sql("UPDATE no_such_table SET a = 1"))));

      assertThat(query(store, "SELECT schema_version FROM lwm2m_creds_state")).isEqualTo("3");
      assertThat(query(store, "SELECT count(*) FROM pragma_table_info('lwm2m_creds_credential')"))
          .isEqualTo("4");
    }
  }

  private static void migrate(JdbcCredentialStore store, List<Schema.Step> steps) {
    store
        .database()
        .transact(
            session -> {
              Schema.migrate(session, Schema.VERSION, steps);
              return null;
            });
  }

  private static String query(JdbcCredentialStore store, String sql) {
    return store
        .database()
        .read(
            session -> {
              try (ResultSet result = session.prepare(sql).executeQuery()) {
                result.next();
                return result.getString(1);
              }
            });
  }

  private void setVersion(int version) {
    sql(file, "UPDATE lwm2m_creds_state SET schema_version = " + version);
  }

  private JdbcCredentialStore open() {
    return stores.opened(stores.describe(file).open());
  }
}
