package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import org.junit.jupiter.api.AfterEach;

class PostgresCredentialStoreConcurrencyTest extends CredentialStoreConcurrencyContract {
  private final PostgresStores stores = new PostgresStores();

  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return stores.newStore(keyPolicy);
  }

  @Override
  int writes() {
    return 1_000;
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }
}
