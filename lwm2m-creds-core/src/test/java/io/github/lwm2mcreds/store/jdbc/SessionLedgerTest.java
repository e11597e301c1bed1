// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.SavedSessionsException.Reason;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.SessionLedger.Saved;
import io.github.lwm2mcreds.store.SessionLedger.Term;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which saved sessions a store lets a server load. */
class SessionLedgerTest {
  private final SqliteStores stores = new SqliteStores();
  private JdbcCredentialStore store;
  private SessionLedger ledger;

  @BeforeEach
  void open() {
    store = newStore();
    ledger = store.sessionLedger().orElseThrow();
  }

  JdbcCredentialStore newStore() {
    return stores.newStore(KeyPolicy.strict());
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private Saved saved(Term term, long number) {
    Saved saved = new Saved(term, number, ledger.position());
    ledger.record(saved);
    return saved;
  }

  private void assertRefused(Reason reason, Saved sessions) {
    assertThatThrownBy(() -> ledger.take(sessions))
        .isInstanceOfSatisfying(
            SavedSessionsException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void take_ofTheNewest_beginsTheNextTermAndIsPossibleOnce() {
    Term first = ledger.begin();
    saved(first, 1);
    Saved newest = saved(first, 2);

    assertThat(ledger.take(newest)).isEqualTo(new Term(first.server(), 2));

    assertRefused(Reason.USED, newest);
  }

  @Test
  void take_ofAnOlder_isRefusedAndLeavesTheNewest() {
    Term term = ledger.begin();
    Saved older = saved(term, 1);
    Saved newest = saved(term, 2);

    assertRefused(Reason.OLDER, older);

    assertThat(ledger.take(newest).number()).isEqualTo(2);
    assertRefused(Reason.USED, older);
  }

  @Test
  void take_ofOneThatWasNotRecorded_isPossible() {
    Term term = ledger.begin();
    saved(term, 1);

    assertThat(ledger.take(new Saved(term, 2, ledger.position())).number()).isEqualTo(2);
  }

  @Test
  void take_inTheNextTerm_goesOnWithHigherNumbers() {
    Term first = ledger.begin();
    Term second = ledger.take(saved(first, 7));
    Saved next = saved(second, 8);

    assertRefused(Reason.OLDER, new Saved(second, 6, ledger.position()));
    assertThat(ledger.take(next).number()).isEqualTo(3);
  }

  @Test
  void take_ofUnknownServersOrOtherHistories_isRefused() {
    Term term = ledger.begin();
    assertRefused(
        Reason.OTHER_STORE, new Saved(new Term(UUID.randomUUID(), 1), 1, ledger.position()));
    assertRefused(Reason.OTHER_STORE, new Saved(new Term(term.server(), 2), 1, ledger.position()));
    assertRefused(Reason.OTHER_STORE, new Saved(term, 1, new Position(0, HistoryHash.begin())));
    assertRefused(
        Reason.OTHER_STORE, new Saved(term, 1, new Position(99, ledger.position().hash())));
  }

  @Test
  void take_afterTheHistoryHasGoneOn_isPossible() {
    Term term = ledger.begin();
    store.put(credential("a", 1));
    Saved sessions = saved(term, 1);
    store.put(credential("b", 2));
    store.revoke("a", "lost");

    assertThat(ledger.take(sessions).number()).isEqualTo(2);
  }

  @Test
  void record_ofATermThatIsOver_isRefused() {
    Term term = ledger.begin();
    ledger.take(saved(term, 1));

    assertThatThrownBy(() -> ledger.record(new Saved(term, 2, ledger.position())))
        .isInstanceOfSatisfying(
            SavedSessionsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.USED));
  }

  @Test
  void take_byMany_succeedsOnce() {
    Saved sessions = saved(ledger.begin(), 1);
    AtomicInteger taken = new AtomicInteger();

    IntStream.range(0, 8)
        .mapToObj(
            n ->
                CompletableFuture.runAsync(
                    () -> {
                      try {
                        ledger.take(sessions);
                        taken.incrementAndGet();
                      } catch (SavedSessionsException e) {
                        assertThat(e.reason()).isEqualTo(Reason.USED);
                      }
                    }))
        .toList()
        .forEach(CompletableFuture::join);

    assertThat(taken).hasValue(1);
  }

  @Test
  void open_ofASealedKey_needsItsContextAndItsStore() {
    byte[] context = {1, 2};
    byte[] sealed = ledger.seal(context, new byte[] {3, 4, 5});

    assertThat(ledger.open(context, sealed)).containsExactly(3, 4, 5);
    assertUnopened(CredentialStoreException.Reason.CORRUPT, ledger, new byte[] {1, 3}, sealed);
    byte[] altered = sealed.clone();
    altered[sealed.length - 1] ^= 1;
    assertUnopened(CredentialStoreException.Reason.CORRUPT, ledger, context, altered);
    assertUnopened(CredentialStoreException.Reason.CORRUPT, ledger, context, new byte[3]);
    SessionLedger other = newStore().sessionLedger().orElseThrow();
    assertUnopened(CredentialStoreException.Reason.WRONG_KEY, other, context, sealed);
  }

  private static void assertUnopened(
      CredentialStoreException.Reason reason, SessionLedger by, byte[] context, byte[] sealed) {
    assertThatThrownBy(() -> by.open(context, sealed))
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void open_ofADevicesSealedKey_isRefused() {
    store.put(credential("a", 1));
    byte[] sealed =
        store
            .database()
            .read(session -> new CredentialTable(session).anyAfter(new byte[0], 1))
            .stream()
            .findAny()
            .orElseThrow()
            .sealed();

    assertUnopened(CredentialStoreException.Reason.CORRUPT, ledger, new byte[0], sealed);
  }
}
