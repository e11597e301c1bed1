package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import net.jqwik.api.lifecycle.AfterTry;

class MirroredCredentialStoreModelTest extends CredentialStoreModelContract {
  private final SqliteStores stores = new SqliteStores();

  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return stores.opened(MirroredCredentialStore.of(stores.newStore(keyPolicy)));
  }

  @AfterTry
  void closeStores() {
    stores.close();
  }
}
