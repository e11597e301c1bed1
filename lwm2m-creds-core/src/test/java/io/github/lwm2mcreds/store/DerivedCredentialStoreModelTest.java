package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;

class DerivedCredentialStoreModelTest extends CredentialStoreModelContract {
  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return new DerivedCredentialStore(
        new InMemoryCredentialStore(keyPolicy), TestGroups.sensors(1, 2));
  }
}
