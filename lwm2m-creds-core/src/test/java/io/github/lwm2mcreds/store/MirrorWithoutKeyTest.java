package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror, and commands, that cannot open a key which a store was moved to. */
class MirrorWithoutKeyTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final KeyWrapper old = new SecretKeyWrapper(TestKeys.aes(1), "the old key");
  private final KeyWrapper moved = new SecretKeyWrapper(TestKeys.aes(2), "the new key");
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
    open(KeyWrappers.anyOf(moved, old)).database().transact(this::beginMoving);

    JdbcCredentialStore byOld = open(old);
    assertThat(byOld.findByEndpoint("a")).contains(credential("a", 1));
    assertThat(byOld.revoke("a", "stolen")).isTrue();
    assertThatThrownBy(() -> byOld.put(credential("d", 4)))
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining("give both");
    JdbcCredentialStore byNew = open(moved);
    assertThat(byNew.put(credential("d", 4))).isEmpty();
    assertThat(byNew.revoke("b", "stolen")).isTrue();
  }

  private Void beginMoving(Session session) throws SQLException {
    new KeyRing(moved, "store").makeKey(session, 0);
    return null;
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
