// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store's history is one chain: nothing in it can be changed, taken out or put in unnoticed. */
class HistoryTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final List<StoreFinding> findings = new ArrayList<>();
  private JdbcCredentialStore store;

  @BeforeEach
  void makeStore() {
    store = stores.opened(stores.describe(file).create());
    store.put(credential("a", "i", 1));
    store.put(credential("a", "i", 2));
    store.put(credential("b", 3));
    store.revoke("a", "stolen");
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private Position verify() {
    return store.verifyHistory(findings::add, done -> {});
  }

  @Test
  void verify_history_isUnbrokenToItsEnd() {
    Position end = verify();

    List<AuditEntry> entries = store.audit(0).toList();
    AuditEntry last = entries.get(entries.size() - 1);
    assertThat(findings).isEmpty();
    assertThat(end).isEqualTo(new Position(last.number(), last.hash()));
  }

  @Test
  void verify_emptyStore_isUnbroken() {
    JdbcCredentialStore empty = stores.opened(stores.describe(stores.newFile()).create());

    assertThat(empty.verifyHistory(findings::add, done -> {}).number()).isZero();
    assertThat(findings).isEmpty();
  }

  @Test
  void verify_severalPages_isUnbroken() {
    store.putAll(IntStream.range(0, 2_500).mapToObj(n -> credential("d-" + n, n)).toList());

    assertThat(verify().number()).isEqualTo(store.state().lastChange());
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE lwm2m_creds_audit SET time = time + 1 WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET actor = 'nobody' WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET action = 'REMOVED' WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET endpoint = x'62' WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET identity = NULL WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET identity = x'69ff' WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET check_value = NULL WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET check_value = '' WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET reason = 'none' WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET hash = randomblob(32) WHERE number = 2",
        "UPDATE lwm2m_creds_audit SET number = 9 WHERE number = 2",
        "DELETE FROM lwm2m_creds_audit WHERE number = 2"
      })
  void verify_entryAltered_breaksThere(String alteration) {
    sql(file, alteration);

    Position end = verify();

    assertThat(end.number()).isEqualTo(1);
    assertThat(findings).singleElement().asString().contains("broken", "entry");
    findings.clear();
    store.check(findings::add, done -> {});
    assertThat(findings).as("the check tells, too").isNotEmpty();
  }

  @Test
  void verify_tailCutOffWithItsTraces_isNotSeen_butByACheckpoint() {
    AuditCheckpoint checkpoint = store.checkpoint();
    Runnable restore = backup(3);

    restore.run();

    assertThat(verify().number()).isEqualTo(3);
    assertThat(findings).as("the store is as it once was").isEmpty();
    assertThat(store.compare(checkpoint).orElseThrow().problem())
        .contains("ends at entry 3", "had entry " + checkpoint.number(), "cut off");
  }

  /** Returns what makes the log end at a number, as if the rest had never been. */
  private Runnable backup(int number) {
    HistoryHash hash = store.audit(number - 1).findFirst().orElseThrow().hash();
    return () -> {
      sql(file, "DELETE FROM lwm2m_creds_audit WHERE number > " + number);
      sql(
          file,
          "UPDATE lwm2m_creds_state SET last_change = " + number + ", last_hash = x'" + hash + "'");
    };
  }

  @Test
  void verify_entryForgedBehindTheEnd_isSeen() {
    sql(
        file,
        "INSERT INTO lwm2m_creds_audit SELECT 99, time, actor, action, endpoint, identity,"
            + " check_value, reason, hash FROM lwm2m_creds_audit WHERE number = 2");

    verify();

    assertThat(findings).singleElement().asString().contains("broken", "goes to 99");
  }

  @Test
  void verify_entryThatCannotBeRead_breaksThereAndNotAtItsPage() {
    sql(file, "UPDATE lwm2m_creds_audit SET action = 'UNKNOWN' WHERE number = 4");

    assertThat(verify().number()).isEqualTo(3);
    assertThat(findings).singleElement().asString().contains("behind entry 3", "unknown action");
  }

  @Test
  void verify_endOfLogCutOff_isSeen() {
    sql(file, "DELETE FROM lwm2m_creds_audit WHERE number > 3");

    store.check(findings::add, done -> {});

    assertThat(findings).asString().contains("log entries", "no entry after 3");
  }

  @Test
  void compare_checkpointThatTheHistoryWentThrough_isFine() {
    AuditCheckpoint atStart = new AuditCheckpoint(0, beginning(), store.checkpoint().time());
    AuditCheckpoint checkpoint = store.checkpoint();
    store.put(credential("later", 4));

    assertThat(store.compare(checkpoint)).isEmpty();
    assertThat(store.compare(atStart)).isEmpty();
  }

  private HistoryHash beginning() {
    return store.database().read(session -> new StateTable(session).beginning()).hash();
  }

  @Test
  void compare_historyThatForkedBefore_isSeen() {
    Runnable restore = backup(3);
    AuditCheckpoint checkpoint = store.checkpoint();
    restore.run();
    IntStream.range(0, 5).forEach(n -> store.put(credential("other-" + n, n)));

    assertThat(store.compare(checkpoint).orElseThrow().problem())
        .contains("another entry " + checkpoint.number(), "restored");
  }

  @Test
  void compare_anotherStore_isSeenFromTheBeginning() {
    JdbcCredentialStore another = stores.opened(stores.describe(stores.newFile()).create());
    AuditCheckpoint empty = another.checkpoint();

    assertThat(store.compare(empty)).isPresent();
    assertThat(another.compare(empty)).isEmpty();
  }

  @Test
  void entry_eachFieldAndTheOneBefore_countInTheHash() {
    List<AuditEntry> entries = store.audit(0).toList();

    for (int i = 1; i < entries.size(); i++) {
      assertThat(entries.get(i).follows(entries.get(i - 1).hash())).isTrue();
      assertThat(entries.get(i).follows(entries.get(i).hash())).isFalse();
    }
    assertThat(entries.get(0).follows(beginning())).isTrue();
  }
}
