// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.jdbc.FaultyDataSource;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.nio.file.Path;

/** What a mirror's tests run against: an engine without a database, and a database. */
enum Engines {
  MEMORY {
    @Override
    Shared make(TestClock clock, SqliteStores stores) {
      InMemoryEngine engine = new InMemoryEngine(KeyPolicy.strict(), clock);
      return new Shared() {
        @Override
        public StoreEngine other() {
          return engine;
        }

        @Override
        public StoreEngine open(Faults faults) {
          return new InMemoryEngine(engine, faults);
        }

        @Override
        public Runnable backup() {
          return engine.backup();
        }
      };
    }
  },

  SQLITE {
    @Override
    Shared make(TestClock clock, SqliteStores stores) {
      Path file = stores.newFile();
      StoreEngine other = stores.opened(stores.describe(file, clock).create());
      return new Shared() {
        @Override
        public StoreEngine other() {
          return other;
        }

        @Override
        public StoreEngine open(Faults faults) {
          return stores.describe(new FaultyDataSource("jdbc:sqlite:" + file, faults), clock).open();
        }

        @Override
        public Runnable backup() {
          Path backup = stores.newFile();
          SqliteStores.sql(file, "backup to " + backup);
          return () -> SqliteStores.sql(file, "restore from " + backup);
        }
      };
    }
  };

  abstract Shared make(TestClock clock, SqliteStores stores);

  /** A store that another process has open, too. */
  interface Shared {
    /** The engine of the other process. */
    StoreEngine other();

    /** Opens the store once more, for a mirror. */
    StoreEngine open(Faults faults);

    /** Returns what puts the store back to its present state. */
    Runnable backup();
  }
}
