// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import io.github.lwm2mcreds.store.jdbc.StoreFailures;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import io.github.lwm2mcreds.store.seal.TestKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror, and commands, that cannot open a key which a store was moved to. */
class MirrorWithoutKeyTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final KeyWrapper old = TestKeys.wrapper(1);
  private final KeyWrapper moved = TestKeys.wrapper(2);
  private final List<String> observed = new CopyOnWriteArrayList<>();
  private MirroredCredentialStore mirror;

  @BeforeEach
  void makeStores() {
    JdbcCredentialStore store = stores.opened(stores.describe(file).keyWrapper(old).create());
    store.put(credential("a", 1));
    store.put(credential("b", 2));
    mirror = mirror(old);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void mirror_storeMovedToAKeyItLacks_saysSoAndFollowsAllTheSame() {
    JdbcCredentialStore both = open(KeyWrappers.anyOf(moved, old));
    both.reseal(done -> {});
    both.put(credential("c", 3));
    both.revoke("a", "stolen");

    await()
        .dontCatchUncaughtExceptions()
        .until(() -> mirror.findPsk(PskIdentity.of("a")).isEmpty());
    await().dontCatchUncaughtExceptions().until(() -> observed.contains("lost WRONG_KEY"));
    assertThat(mirror.findPsk(PskIdentity.of("b"))).contains(key(2));
    assertThat(mirror.findPsk(PskIdentity.of("c"))).isEmpty();
    assertThat(mirror.findEndpoint(PskIdentity.of("c"))).contains("c");
    assertThat(observed).doesNotContain("resumed");
  }

  @Test
  void store_whileItMoves_isOpenedByEitherKeyAndRevokes() {
    SqliteStores.beginMoving(open(KeyWrappers.anyOf(moved, old)), moved);

    JdbcCredentialStore byOld = open(old);
    assertThat(byOld.findByEndpoint("a")).contains(credential("a", 1));
    assertThat(byOld.revoke("a", "stolen")).isTrue();
    assertThatThrownBy(() -> byOld.put(credential("d", 4)))
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining("give both");
    JdbcCredentialStore byNew = open(moved);
    assertThat(byNew.put(credential("d", 4))).isEqualTo(PutOutcome.ADDED);
    assertThat(byNew.revoke("b", "stolen")).isTrue();
  }

  /** A process that has the old wrapping key only, after the store has moved for good. */
  @Test
  void revokeAndRemove_storeMovedForGood_workWithoutItsKeys() {
    JdbcCredentialStore byOld = open(old);
    open(KeyWrappers.anyOf(moved, old)).reseal(done -> {});

    assertThat(byOld.revoke("a", "stolen")).isTrue();
    assertThat(byOld.remove("b")).isTrue();
    assertThat(byOld.size()).isZero();
    assertThatThrownBy(() -> byOld.put(credential("c", 3)))
        .isInstanceOfSatisfying(
            CredentialStoreException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));
  }

  @Test
  void open_aWrapperThatFailsInItsOwnWay_isUnavailable() {
    KeyWrapper broken =
        new KeyWrapper() {
          @Override
          public byte[] wrap(byte[] key) {
            return null;
          }

          @Override
          public byte[] unwrap(byte[] wrapped) {
            throw new IllegalStateException("the service is down");
          }
        };

    StoreFailures.assertFails(Reason.UNAVAILABLE, () -> open(broken));
    StoreFailures.assertFails(
        Reason.WRONG_KEY,
        () -> stores.describe(stores.newFile()).keyWrapper(broken).create().close());
  }

  private JdbcCredentialStore open(KeyWrapper wrapper) {
    return stores.opened(stores.describe(file).keyWrapper(wrapper).open());
  }

  /** Its observer notes what it is told, and throws. */
  private MirroredCredentialStore mirror(KeyWrapper wrapper) {
    return stores.opened(
        MirroredCredentialStore.builder(stores.describe(file).keyWrapper(wrapper).open())
            .observer(
                new MirrorObserver() {
                  @Override
                  public void lost(CredentialStoreException failure) {
                    observed.add("lost " + failure.reason());
                    throw new IllegalStateException("the alarm is out of order");
                  }

                  @Override
                  public void resumed() {
                    observed.add("resumed");
                  }
                })
            .build());
  }
}
