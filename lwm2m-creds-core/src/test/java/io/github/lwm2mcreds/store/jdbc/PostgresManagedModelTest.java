// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.TestClock;

class PostgresManagedModelTest extends ManagedModelTest {
  @Override
  JdbcCredentialStore newDatabase(TestClock clock) {
    return PostgresStores.describe(PostgresStores.newUrl()).clock(clock).create();
  }

  /** A mirror there is woken by the database, and ends rotations that are due when it likes. */
  @Override
  ManagedCredentialStore over(JdbcCredentialStore database, ManagedStores kind) {
    return database;
  }
}
