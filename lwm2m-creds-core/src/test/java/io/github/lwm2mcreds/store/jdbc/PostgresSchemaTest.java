// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store of an older release in PostgreSQL, and the rights to it. */
class PostgresSchemaTest {
  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();
  private final String schema = url.substring(url.lastIndexOf('=') + 1);
  private List<AuditEntry> before;

  @BeforeEach
  void makeFirstVersion() throws SQLException {
    try (JdbcCredentialStore store = PostgresStores.describe(url).create()) {
      store.putAll(IntStream.range(0, 2_100).mapToObj(n -> credential("d-" + n, n)).toList());
      store.revoke("d-1", "stolen");
      before = store.audit(0).toList();
    }
    sql(
        "DROP TABLE lwm2m_creds_sessions",
        "ALTER TABLE lwm2m_creds_audit DROP COLUMN hash",
        "ALTER TABLE lwm2m_creds_state DROP COLUMN first_hash",
        "ALTER TABLE lwm2m_creds_state DROP COLUMN last_hash",
        "UPDATE lwm2m_creds_state SET schema_version = 1");
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** The URL of a role of its own that may only read. */
  private String reader() throws SQLException {
    String role = "reader_" + schema;
    sql(
        "CREATE ROLE " + role + " LOGIN PASSWORD 'p'",
        "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
        "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    return url.replaceFirst("user=[^&]*", "user=" + role)
        .replaceFirst("password=[^&]*", "password=p");
  }

  private JdbcCredentialStore open(String at) {
    return stores.opened(PostgresStores.describe(at).open());
  }

  @Test
  void open_firstVersion_getsAHistory() {
    JdbcCredentialStore store = open(url);

    List<StoreFinding> findings = new ArrayList<>();
    assertThat(store.audit(0).toList())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("hash")
        .isEqualTo(before);
    assertThat(store.verifyHistory(findings::add, done -> {}).number()).isEqualTo(before.size());
    store.put(credential("later", 1));
    store.check(findings::add, done -> {});
    assertThat(findings).isEmpty();
  }

  @Test
  void open_firstVersion_keepsTheRightsOfOthers() throws SQLException {
    String reader = reader();

    open(url).put(credential("later", 1));

    MirroredCredentialStore mirror = stores.opened(MirroredCredentialStore.of(open(reader)));
    assertThat(mirror.findByEndpoint("later")).isPresent();
  }

  @Test
  void open_firstVersionByWhoMayOnlyRead_saysThatItIsOld() throws SQLException {
    String reader = reader();

    assertThatThrownBy(() -> open(reader))
        .isInstanceOfSatisfying(
            CredentialStoreException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NOT_ALLOWED))
        .hasMessageContaining("of an older release");
  }

  @Test
  void open_firstVersionByMany_bringsItUpToDateOnce() {
    List<CompletableFuture<Void>> all =
        IntStream.range(0, 4)
            .mapToObj(
                n -> CompletableFuture.runAsync(() -> PostgresStores.describe(url).open().close()))
            .toList();

    all.forEach(CompletableFuture::join);

    assertThat(open(url).verifyHistory(finding -> {}, done -> {}).number())
        .isEqualTo(before.size());
  }

  @Test
  void write_byAFirstReleaseThatHasTheStoreOpen_isRefused() {
    open(url);

    assertThatThrownBy(
            () ->
                sql(
                    "INSERT INTO lwm2m_creds_audit (number, time, actor, action, endpoint,"
                        + " identity, check_value, reason)"
                        + " VALUES (9999, 0, '', 'ADDED', 'a', 'a', NULL, '')"))
        .hasMessageContaining("hash");
  }
}
