// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;

/** The two ways to a store in an SQLite file; tests run with each. */
public enum ManagedStores {
  DATABASE {
    @Override
    ManagedCredentialStore over(JdbcCredentialStore store) {
      return store;
    }
  },

  /** Follows what is done through it, and by others at its next round, which is far off. */
  MIRROR {
    @Override
    ManagedCredentialStore over(JdbcCredentialStore store) {
      return MirroredCredentialStore.builder(store).interval(Duration.ofHours(1)).build();
    }
  };

  /** A store in front of another, which is closed with it. */
  abstract ManagedCredentialStore over(JdbcCredentialStore store);
}
