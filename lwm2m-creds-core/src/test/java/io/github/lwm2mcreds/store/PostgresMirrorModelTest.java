package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import net.jqwik.api.lifecycle.AfterTry;

class PostgresMirrorModelTest extends CredentialStoreModelContract {
  private final PostgresStores stores = new PostgresStores();

  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return stores.opened(MirroredCredentialStore.of(stores.newStore(keyPolicy)));
  }

  @AfterTry
  void closeStores() {
    stores.close();
  }
}
