package io.github.lwm2mcreds.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.KeyPolicy;
import org.junit.jupiter.api.Test;

class InMemoryCredentialStoreTest extends CredentialStoreContract {
  @Override
  CredentialStore newStore(KeyPolicy keyPolicy) {
    return new InMemoryCredentialStore(keyPolicy);
  }

  @Test
  void toString_oneCredential_countsIt() {
    CredentialStore store = newStore(KeyPolicy.strict());
    store.put(TestCredentials.credential("a", 1));

    assertThat(store.toString()).contains("size=1");
  }
}
