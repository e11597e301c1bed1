// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Derived devices in front of a mirror: the exceptions to them are the whole store. */
class DerivedOverMirrorTest {
  private static final String DEVICE = "sensor-00000001";

  private final SqliteStores stores = new SqliteStores();
  private JdbcCredentialStore otherProcess;
  private DerivedCredentialStore store;

  @BeforeEach
  void openStores() {
    Path file = stores.newFile();
    otherProcess = stores.opened(stores.describe(file).create());
    MirroredCredentialStore mirror =
        stores.opened(MirroredCredentialStore.of(stores.describe(file).open()));
    store = new DerivedCredentialStore(mirror, TestGroups.sensors(1));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void revoke_byAnotherProcess_endsTheDerivedKey() {
    List<RetiredCredential> told = new CopyOnWriteArrayList<>();
    store.addListener(told::add);
    assertThat(store.findPsk(PskIdentity.of(DEVICE))).isPresent();

    otherProcess.revoke(DEVICE, "stolen");

    await().until(() -> store.findPsk(PskIdentity.of(DEVICE)).isEmpty());
    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        new RetiredCredential(DEVICE, PskIdentity.of(DEVICE), Cause.REVOKED)));
  }

  @Test
  void put_byAnotherProcess_prevailsOverTheDerivedKey() {
    otherProcess.put(credential(DEVICE, 1));

    await().until(() -> store.findPsk(PskIdentity.of(DEVICE)).filter(key(1)::equals).isPresent());
  }
}
