// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.derive.DerivedCredentialStore;
import io.github.lwm2mcreds.derive.TestGroups;
import io.github.lwm2mcreds.store.jdbc.PostgresStores;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Clock;

/** The kinds of stores, each of which every contract is tested with. */
public enum Stores {
  IN_MEMORY(150_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return new InMemoryCredentialStore(policy);
    }
  },
  /** What the tests take for the documentation's word is held to it, too. */
  ENGINE(2_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return new InMemoryEngine(policy, Clock.systemUTC());
    }
  },
  ENGINE_MIRROR(2_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return sqlite.opened(
          MirroredCredentialStore.of(new InMemoryEngine(policy, Clock.systemUTC())));
    }
  },
  DERIVED(2_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return new DerivedCredentialStore(
          new InMemoryEngine(policy, Clock.systemUTC()), TestGroups.sensors(1, 2));
    }
  },
  SQLITE(2_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return sqlite.newStore(policy);
    }
  },
  SQLITE_MIRROR(5_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return sqlite.opened(MirroredCredentialStore.of(sqlite.newStore(policy)));
    }
  },
  POSTGRESQL(1_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return postgres.newStore(policy);
    }
  },
  POSTGRESQL_MIRROR(1_000) {
    @Override
    CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres) {
      return postgres.opened(MirroredCredentialStore.of(postgres.newStore(policy)));
    }
  };

  private final int writes;

  Stores(int writes) {
    this.writes = writes;
  }

  /** How often a writer may write in a test that takes some seconds. */
  int writes() {
    return writes;
  }

  abstract CredentialStore make(KeyPolicy policy, SqliteStores sqlite, PostgresStores postgres);

  /** Makes stores of a kind, and closes them all. */
  static final class Factory implements AutoCloseable {
    private final Stores kind;
    private final SqliteStores sqlite = new SqliteStores();
    private final PostgresStores postgres = new PostgresStores();

    Factory(Stores kind) {
      this.kind = kind;
    }

    /** Makes an empty store. */
    CredentialStore newStore(KeyPolicy policy) {
      return kind.make(policy, sqlite, postgres);
    }

    @Override
    public void close() {
      postgres.close();
      sqlite.close();
    }
  }
}
