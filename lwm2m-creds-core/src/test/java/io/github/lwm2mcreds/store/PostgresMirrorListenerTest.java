package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import org.junit.jupiter.api.AfterEach;

class PostgresMirrorListenerTest extends CredentialStoreListenerContract {
  private final PostgresStores stores = new PostgresStores();

  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return stores.opened(MirroredCredentialStore.of(stores.newStore(keyPolicy)));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }
}
