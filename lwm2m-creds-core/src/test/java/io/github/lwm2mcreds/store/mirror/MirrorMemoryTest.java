// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.TestCredentials;
import io.github.lwm2mcreds.store.internal.HeapWalk;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** What a mirror takes of the heap, and what it keeps there. */
class MirrorMemoryTest {
  /** The most that a million dm-lwm2m devices may take, with nothing left out. */
  @Test
  void image_millionDevices_takesAtMost96BytesEach() {
    int devices = 1_000_000;
    MirrorImage image = new MirrorImage(Clock.systemUTC());
    MirrorImage.Loading loading = image.new Loading();
    byte[] sealed = TestCredentials.keyBytes(0, 1, 33 + 16);
    for (int n = 0; n < devices; n++) {
      String name = Integer.toHexString(0x10000000 + n);
      loading.accept(new SealedCredential(name, PskIdentity.of(name), Role.CURRENT, sealed));
    }

    assertThat(image.size()).isEqualTo(devices);
    long size = HeapWalk.from(image).size();
    assertThat(size).isBetween(60L * devices, 96L * devices);
  }

  @Test
  void mirror_loaded_holdsNoKeyInClear() {
    try (SqliteStores stores = new SqliteStores()) {
      JdbcCredentialStore store = stores.describe(stores.newFile()).create();
      store.put(TestCredentials.credential("a", 1));
      MirroredCredentialStore mirror = stores.opened(MirroredCredentialStore.of(store));
      byte[] key = TestCredentials.keyBytes(0, 1, 16);

      assertThat(mirror.findByEndpoint("a").orElseThrow().psk().exposeBytes()).isEqualTo(key);
      assertThat(HeapWalk.from(mirror).contains(key)).isFalse();
    }
  }
}
