// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyRing;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All keys are sealed anew, while the store is in use, and whatever happens in between. */
class ResealTest {
  private static final int DEVICES = 2_500; // three pages

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private JdbcCredentialStore store;

  @BeforeEach
  void makeStore() {
    store = stores.opened(stores.describe(file).create());
    store.putAll(IntStream.range(0, DEVICES).mapToObj(n -> credential("d-" + n, n)).toList());
    store.rotate(credential("d-1", "next", 1), Instant.now().plusSeconds(1_000));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void reseal_store_hasAllUnderANewKeyAndNoOther() {
    Set<Integer> before = sealingKeys();
    List<Long> progress = new ArrayList<>();

    assertThat(store.reseal(progress::add)).isZero();

    assertThat(sealingKeys()).hasSize(1).doesNotContainAnyElementsOf(before);
    assertThat(storedKeys()).isEqualTo(sealingKeys());
    assertThat(progress).containsExactly(1_000L, 2_000L, DEVICES + 1L);
    assertAllOpen(store);
    assertAllOpen(stores.opened(stores.describe(file).open()));
  }

  @Test
  void reseal_again_makesAnotherKey() {
    store.reseal(done -> {});
    Set<Integer> before = sealingKeys();
    store.reseal(done -> {});

    assertThat(sealingKeys()).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  @Test
  void reseal_othersAtWork_goOnReadingAndWriting() {
    JdbcCredentialStore other = stores.opened(stores.describe(file).open());
    MirroredCredentialStore mirror =
        stores.opened(MirroredCredentialStore.of(stores.describe(file).open()));

    store.reseal(
        done -> {
          other.put(credential("during-" + done, 1));
          assertThat(mirror.put(credential("mirror-" + done, 1))).isEqualTo(PutOutcome.ADDED);
          assertThat(other.findByEndpoint("d-0")).isPresent();
          assertThat(mirror.findByEndpoint("d-2499")).isPresent();
        });

    assertThat(sealingKeys()).as("what was put in meanwhile, too").hasSize(1);
    other.put(credential("after", 1));
    assertThat(mirror.put(credential("after", 2))).isEqualTo(PutOutcome.REPLACED);
    assertAllOpen(other);
    assertAllOpen(store);
    assertThat(mirror.findPsk(PskIdentity.of("d-2499"))).isPresent();
  }

  @Test
  void reseal_interrupted_isTakenUpByTheNext() {
    assertThatThrownBy(
            () ->
                store.reseal(
                    done -> {
                      throw new UnsupportedOperationException("interrupted");
                    }))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(sealingKeys()).as("old and new").hasSize(2);
    assertAllOpen(store);
    int newKey = activeKey();

    assertThat(stores.opened(stores.describe(file).open()).reseal(done -> {})).isZero();

    assertThat(sealingKeys()).containsExactly(newKey);
    assertThat(storedKeys()).containsExactly(newKey);
    assertAllOpen(store);
  }

  @Test
  void reseal_rowsThatDoNotOpen_areCountedAndLeftAsTheyAre() {
    int oldKey = activeKey();
    sql(
        file,
        "UPDATE lwm2m_creds_credential SET sealed = (SELECT sealed FROM lwm2m_creds_credential"
            + " WHERE identity = CAST('d-7' AS BLOB)) WHERE identity = CAST('d-8' AS BLOB)",
        "UPDATE lwm2m_creds_credential SET sealed = x'ff' WHERE identity = CAST('d-9' AS BLOB)");

    assertThat(store.reseal(done -> {})).isEqualTo(2);

    assertThat(storedKeys()).as("one row claims the old key").hasSize(2).contains(oldKey);
    assertThat(store.findByEndpoint("d-7")).contains(credential("d-7", 7));
    assertFails(Reason.CORRUPT, () -> store.findByEndpoint("d-8")).contains("'d-8'");
    assertFails(Reason.CORRUPT, () -> store.findByEndpoint("d-9"));
  }

  /** What is damaged must not keep a key in use for ever. */
  @Test
  void reseal_againDespiteRowsThatDoNotOpen_makesAnotherKey() {
    sql(file, "UPDATE lwm2m_creds_credential SET sealed = x'ff' WHERE identity = x'642d39'");
    sql(
        file,
        "UPDATE lwm2m_creds_credential SET sealed = (SELECT sealed FROM lwm2m_creds_credential"
            + " WHERE identity = CAST('d-7' AS BLOB)) WHERE identity = CAST('d-8' AS BLOB)");
    store.reseal(done -> {});
    int second = activeKey();

    assertThat(store.reseal(done -> {})).isEqualTo(2);

    assertThat(activeKey()).isNotEqualTo(second);
    assertThat(storedKeys()).hasSize(2).doesNotContain(second);
    assertThat(store.findByEndpoint("d-7")).contains(credential("d-7", 7));
  }

  /** Another reseal may have begun meanwhile, whose rows are not to lose their key. */
  @Test
  void reseal_anotherBegunMeanwhile_losesNothing() {
    BreakableWrapper wrapper = new BreakableWrapper(stores.keyWrapper());
    JdbcCredentialStore other = stores.opened(stores.describe(file).keyWrapper(wrapper).open());
    List<Long> others = new ArrayList<>();
    store.reseal(
        done -> {
          if (others.isEmpty()) {
            other.reseal(others::add); // completes this one
            wrapper.broken = true; // and the next ends when its new key is to be used
            assertThatThrownBy(() -> other.reseal(others::add))
                .hasRootCauseInstanceOf(UnsupportedOperationException.class);
          }
        });

    assertAllOpen(stores.opened(stores.describe(file).open()));
    assertThat(store.reseal(done -> {})).isZero();
    assertThat(storedKeys()).hasSize(1);
  }

  private static final class BreakableWrapper implements KeyWrapper {
    private final KeyWrapper wrapper;
    private boolean broken;

    BreakableWrapper(KeyWrapper wrapper) {
      this.wrapper = wrapper;
    }

    @Override
    public byte[] wrap(byte[] key) {
      return wrapper.wrap(key);
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
      if (broken) {
        throw new UnsupportedOperationException("broken");
      }
      return wrapper.unwrap(wrapped);
    }
  }

  @Test
  void reseal_newWrapper_movesTheStoreToIt() {
    KeyWrapper oldWrapper = stores.keyWrapper();
    KeyWrapper newWrapper = KeyWrappers.keyFile(stores.folder().resolve("new-key"));
    JdbcCredentialStore moving =
        stores.opened(
            stores.describe(file).keyWrapper(KeyWrappers.anyOf(newWrapper, oldWrapper)).open());

    moving.reseal(done -> {});

    assertAllOpen(stores.opened(stores.describe(file).keyWrapper(newWrapper).open()));
    assertFails(Reason.WRONG_KEY, () -> stores.describe(file).keyWrapper(oldWrapper).open());
  }

  /** A key that was rolled back must not be used later by its id, which others may have taken. */
  @Test
  void makeKey_rolledBack_isForgotten() {
    assertThatThrownBy(
            () ->
                store
                    .database()
                    .transact(
                        session -> {
                          new SealingKeys(new KeyRing(stores.keyWrapper(), "store"))
                              .makeKey(session, Instant.EPOCH);
                          throw new IllegalArgumentException("rolled back");
                        }))
        .isInstanceOf(IllegalArgumentException.class);
    store.put(credential("after", 1));
    stores.opened(stores.describe(file).open()).reseal(done -> {});
    store.put(credential("later", 2));

    assertAllOpen(stores.opened(stores.describe(file).open()));
  }

  private static void assertAllOpen(JdbcCredentialStore store) {
    List<StoreFinding> findings = new ArrayList<>();
    assertThat(store.check(findings::add, done -> {})).isGreaterThanOrEqualTo(DEVICES);
    assertThat(findings).isEmpty();
  }

  private int activeKey() {
    return store.state().activeKey();
  }

  private Set<Integer> sealingKeys() {
    return store
        .database()
        .read(session -> new CredentialTable(session).anyAfter(new byte[0], 9_999))
        .stream()
        .map(row -> ByteBuffer.wrap(row.sealed(), 1, Integer.BYTES).getInt())
        .collect(Collectors.toSet());
  }

  private Set<Integer> storedKeys() {
    return store.database().read(session -> new KeyTable(session).all()).keySet();
  }
}
