package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How stores of other releases fare. */
class SchemaTest {
  private static final List<String> MADE_ALREADY = List.of();

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

  @Test
  void migrate_olderStore_takesEachStepThatIsMissing() {
    try (JdbcCredentialStore store = open()) {
      migrate(
          store,
          List.of(
              MADE_ALREADY,
              List.of("ALTER TABLE lwm2m_creds_credential ADD COLUMN note TEXT"),
              List.of(
                  "UPDATE lwm2m_creds_credential SET note = 'step 3'",
                  "CREATE TABLE lwm2m_creds_more (id %LONG_KEY% PRIMARY KEY)")));

      assertThat(query(store, "SELECT note FROM lwm2m_creds_credential")).isEqualTo("step 3");
      assertThat(query(store, "SELECT count(*) FROM lwm2m_creds_more")).isEqualTo("0");
      assertThat(query(store, "SELECT schema_version FROM lwm2m_creds_state")).isEqualTo("3");
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
                      List.of("ALTER TABLE lwm2m_creds_credential ADD COLUMN note TEXT"),
                      List.of("UPDATE no_such_table SET a = 1"))));

      assertThat(query(store, "SELECT schema_version FROM lwm2m_creds_state")).isEqualTo("1");
      assertThat(query(store, "SELECT count(*) FROM pragma_table_info('lwm2m_creds_credential')"))
          .isEqualTo("4");
    }
  }

  private static void migrate(JdbcCredentialStore store, List<List<String>> steps) {
    store
        .database()
        .transact(
            session -> {
              Schema.migrate(session, 1, steps);
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
