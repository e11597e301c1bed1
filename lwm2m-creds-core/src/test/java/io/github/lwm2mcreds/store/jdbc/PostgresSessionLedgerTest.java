// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import org.junit.jupiter.api.AfterEach;

/** The same with PostgreSQL. */
class PostgresSessionLedgerTest extends SessionLedgerTest {
  private final PostgresStores stores = new PostgresStores();

  @Override
  JdbcCredentialStore newStore() {
    return stores.opened(PostgresStores.describe(PostgresStores.newUrl()).create());
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }
}
