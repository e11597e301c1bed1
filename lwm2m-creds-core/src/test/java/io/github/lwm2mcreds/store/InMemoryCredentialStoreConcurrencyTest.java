package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;

class InMemoryCredentialStoreConcurrencyTest extends CredentialStoreConcurrencyContract {
  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return new InMemoryCredentialStore(keyPolicy);
  }
}
