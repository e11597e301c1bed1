package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import org.junit.jupiter.api.AfterEach;

class SqliteCredentialStoreConcurrencyTest extends CredentialStoreConcurrencyContract {
  private final SqliteStores stores = new SqliteStores();

  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return stores.newStore(keyPolicy);
  }

  @Override
  int writes() {
    return 2_000;
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }
}
