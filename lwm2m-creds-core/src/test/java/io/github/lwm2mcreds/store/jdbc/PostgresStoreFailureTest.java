// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresStoreFailureTest {
  private static final String SENSOR_IN_HEX = "73656e736f72";

  private final PostgresStores stores = new PostgresStores();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  /** The driver's own message has the statement with its values, sealed keys among them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_databaseRefusesTheRow_saysWhyWithoutTheRow(boolean pooled) throws SQLException {
    String url = PostgresStores.newUrl();
    JdbcStoreBuilder described =
        pooled ? Pools.describe(stores.opened(Pools.of(url))) : PostgresStores.describe(url);
    JdbcCredentialStore store = stores.opened(described.keyPolicy(KeyPolicy.strict()).create());
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER TABLE lwm2m_creds_credential ADD CONSTRAINT of_a_test CHECK (length(endpoint) <"
              + " 5)");
    }

    CredentialStoreException failure =
        catchThrowableOfType(
            CredentialStoreException.class, () -> store.put(credential("sensor-1", 1)));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageMatching(
            "(jdbc:postgresql://[^ ]+|the data source's store) cannot be used: ERROR: new row for"
                + " relation \"lwm2m_creds_credential\" violates check constraint \"of_a_test\"");
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("INSERT", SENSOR_IN_HEX);
  }
}
