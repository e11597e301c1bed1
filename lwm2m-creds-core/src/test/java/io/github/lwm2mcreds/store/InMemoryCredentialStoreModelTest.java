package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;

class InMemoryCredentialStoreModelTest extends CredentialStoreModelContract {
  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return new InMemoryCredentialStore(keyPolicy);
  }
}
