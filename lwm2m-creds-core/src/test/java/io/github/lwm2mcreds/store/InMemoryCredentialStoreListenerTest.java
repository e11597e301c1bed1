package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;

class InMemoryCredentialStoreListenerTest extends CredentialStoreListenerContract {
  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return new InMemoryCredentialStore(keyPolicy);
  }
}
