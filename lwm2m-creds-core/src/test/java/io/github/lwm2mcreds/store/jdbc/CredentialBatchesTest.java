// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.internal.RawCredentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialBatchesTest {
  private static final String CREDENTIAL = "UPDATE lwm2m_creds_credential SET ";
  private static final String B = " WHERE endpoint = CAST('device-1001' AS BLOB)";

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();

  @BeforeEach
  void makeStore() {
    List<DeviceCredential> devices =
        IntStream.range(0, 2500)
            .mapToObj(n -> credential("device-" + n, n % 3 == 0 ? "id" + n : "device-" + n, n))
            .toList();
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      store.putAll(devices);
      store.rotate(credential("device-7", "next", 10_000), Instant.parse("2999-01-01T00:00:00Z"));
    }
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  /** Whatever is in a row, its batch is read as its rows are, or fails as they do. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "DELETE FROM lwm2m_creds_credential",
        "DELETE FROM lwm2m_creds_credential WHERE rowid > 1000",
        "DELETE FROM lwm2m_creds_credential WHERE rowid % 2 = 0",
        CREDENTIAL + "rowid = -9223372036854775808" + B,
        CREDENTIAL + "rowid = 9223372036854775807" + B,
        CREDENTIAL + "endpoint = CAST('g\u00e9r\u00e4t' AS BLOB)" + B,
        CREDENTIAL + "endpoint = 'g\u00e9r\u00e4t'" + B,
        CREDENTIAL + "endpoint = x'ff0a'" + B,
        CREDENTIAL + "endpoint = CAST('a' || char(0) || 'b' AS TEXT)" + B,
        CREDENTIAL + "endpoint = 17" + B,
        CREDENTIAL + "endpoint = 1.5" + B,
        CREDENTIAL + "endpoint = x''" + B,
        CREDENTIAL + "endpoint = zeroblob(253)" + B,
        CREDENTIAL + "identity = CAST('ger\u00e4t' AS BLOB)" + B,
        CREDENTIAL + "identity = 'ger\u00e4t'" + B,
        CREDENTIAL + "identity = x'00ff'" + B,
        CREDENTIAL + "identity = zeroblob(128)" + B,
        CREDENTIAL + "identity = zeroblob(129)" + B,
        CREDENTIAL + "role = 2" + B,
        CREDENTIAL + "role = -1" + B,
        CREDENTIAL + "role = 4294967296" + B,
        CREDENTIAL + "role = 'x'" + B,
        CREDENTIAL + "sealed = x''" + B,
        CREDENTIAL + "sealed = zeroblob(1)" + B,
        CREDENTIAL + "sealed = zeroblob(128)" + B,
        CREDENTIAL + "sealed = zeroblob(55296)" + B,
        CREDENTIAL + "sealed = zeroblob(70000)" + B,
        CREDENTIAL + "sealed = zeroblob(1200000)" + B,
      })
  void run_anyRow_isReadAsByRows(String change) {
    sql(file, change);

    List<Object> byRows = read((session, all) -> readRows(session, all::add));
    assertThat(read((session, all) -> new CredentialBatches(session, all::add).run()))
        .isEqualTo(byRows);
    assertThat(read((session, all) -> new CredentialBatches(session, new Raw(all)).run()))
        .isEqualTo(byRows);
  }

  /** A raw taker gets no objects, unless names are not ASCII. */
  @Test
  void run_rawTaker_getsBytes() {
    List<Object> all = new ArrayList<>();
    Raw raw = new Raw(all);
    try (JdbcCredentialStore store = stores.describe(file).open()) {
      long count = store.database().snapshot(s -> new CredentialBatches(s, raw).run());

      assertThat(count).isEqualTo(2501);
      assertThat(raw.rawOnes).isEqualTo(2501);
    }
  }

  @Test
  void arePossible_textInUtf16_no() {
    Path other = stores.newFile();
    sql(other, "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE t (a)");
    assertThat(arePossible(other)).isFalse();
    assertThat(arePossible(file)).isTrue();
  }

  private static boolean arePossible(Path database) {
    Connections connections =
        Connections.of(
            "jdbc:sqlite:" + database,
            TimeLimits.ofLock(Duration.ofSeconds(5)),
            new SqliteFile(database));
    return new Database("store", connections).read(CredentialBatches::arePossible);
  }

  private static long readRows(JdbcSession session, Consumer<SealedCredential> consumer)
      throws SQLException {
    List<SealedCredential> rows =
        JdbcSession.rows(
            session.prepare(CredentialTable.QUERY + " ORDER BY rowid"), CredentialTable::row);
    rows.forEach(consumer);
    return rows.size();
  }

  private interface Reading {
    long read(JdbcSession session, List<Object> all) throws java.sql.SQLException;
  }

  /** Reads all credentials, with their number behind them; or only how that fails. */
  private List<Object> read(Reading reading) {
    List<Object> all = new ArrayList<>();
    try (JdbcCredentialStore store = stores.describe(file).open()) {
      all.add(store.database().snapshot(session -> reading.read(session, all)));
      return all;
    } catch (CredentialStoreException e) {
      return List.of(e.reason(), e.getMessage());
    }
  }

  private static final class Raw implements Consumer<SealedCredential>, RawCredentials {
    private final List<Object> all;
    private int rawOnes;

    private Raw(List<Object> all) {
      this.all = all;
    }

    @Override
    public void accept(SealedCredential credential) {
      all.add(credential);
    }

    @Override
    public void accept(boolean isNext, byte[] endpoint, byte[] identity, byte[] sealed) {
      rawOnes++;
      all.add(
          new SealedCredential(
              new String(endpoint, StandardCharsets.US_ASCII),
              PskIdentity.ofBytes(identity),
              isNext ? Role.NEXT : Role.CURRENT,
              sealed.clone()));
    }
  }
}
