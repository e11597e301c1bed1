package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import org.junit.jupiter.api.AfterEach;

class MirroredCredentialStoreConcurrencyTest extends CredentialStoreConcurrencyContract {
  private final SqliteStores stores = new SqliteStores();

  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return stores.opened(MirroredCredentialStore.of(stores.newStore(keyPolicy)));
  }

  @Override
  int writes() {
    return 5_000;
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }
}
