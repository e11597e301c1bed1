// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.mirror.MirrorObserver;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows as no store writes them, in a database that is sound: told as damage, and as nothing else.
 */
class DamagedRowsTest {
  private static final String CREDENTIAL = "UPDATE lwm2m_creds_credential SET ";
  private static final String B = " WHERE endpoint = CAST('b' AS BLOB)";

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();

  @BeforeEach
  void makeStore() {
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      store.putAll(List.of(credential("a", 1), credential("b", 2), credential("c", 3)));
      store.rotate(credential("c", "next", 4), Instant.parse("2999-01-01T00:00:00Z"));
      store.put(credential("d", 5));
      store.revoke("d", "lost");
    }
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  /** Nothing but a store's own exception escapes, and the check or the mirror notices. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        CREDENTIAL + "endpoint = x''" + B,
        CREDENTIAL + "endpoint = zeroblob(253)" + B,
        CREDENTIAL + "endpoint = zeroblob(70000)" + B,
        CREDENTIAL + "endpoint = x'ff0a'" + B,
        CREDENTIAL + "endpoint = 17" + B,
        CREDENTIAL + "identity = x''" + B,
        CREDENTIAL + "identity = zeroblob(129)" + B,
        CREDENTIAL + "identity = CAST('e' AS BLOB)" + B,
        CREDENTIAL + "role = 1" + B,
        CREDENTIAL + "role = 2" + B,
        CREDENTIAL + "role = -1" + B,
        CREDENTIAL + "role = 4294967296" + B,
        CREDENTIAL + "role = 'x'" + B + " AND 1 = 0 OR identity = CAST('next' AS BLOB)",
        CREDENTIAL + "sealed = x''" + B,
        CREDENTIAL + "sealed = x'01'" + B,
        CREDENTIAL + "sealed = zeroblob(50)" + B,
        CREDENTIAL + "sealed = zeroblob(70000)" + B,
        CREDENTIAL + "sealed = x'02' || substr(sealed, 2)" + B,
        CREDENTIAL + "sealed = CAST(x'0100000063' || substr(sealed, 6) AS BLOB)" + B,
        "DELETE FROM lwm2m_creds_credential" + B,
        "DELETE FROM lwm2m_creds_credential WHERE identity = CAST('next' AS BLOB)",
        "DELETE FROM lwm2m_creds_credential WHERE identity = CAST('c' AS BLOB)",
        "DELETE FROM lwm2m_creds_rotation",
        "UPDATE lwm2m_creds_rotation SET endpoint = x''",
        "UPDATE lwm2m_creds_rotation SET endpoint = CAST('a' AS BLOB)",
        "DELETE FROM lwm2m_creds_revocation WHERE kind = 1",
        "UPDATE lwm2m_creds_revocation SET kind = 2 WHERE kind = 1",
        "UPDATE lwm2m_creds_revocation SET name = x''",
        "UPDATE lwm2m_creds_revocation SET endpoint = x''",
        "UPDATE lwm2m_creds_state SET endpoints = 17",
        "UPDATE lwm2m_creds_state SET next_credentials = 0",
        "UPDATE lwm2m_creds_state SET revocations = 0",
        "UPDATE lwm2m_creds_state SET last_change = 1",
        "UPDATE lwm2m_creds_state SET last_change = 999",
        "UPDATE lwm2m_creds_state SET active_key = 17",
        "DELETE FROM lwm2m_creds_state",
        "DELETE FROM lwm2m_creds_audit WHERE number > 3",
        "DELETE FROM lwm2m_creds_key",
        "UPDATE lwm2m_creds_key SET wrapped = x''",
        "UPDATE lwm2m_creds_key SET wrapped = zeroblob(100)",
        "DROP TABLE lwm2m_creds_audit",
        "ALTER TABLE lwm2m_creds_credential DROP COLUMN sealed",
      })
  void use_impossibleRow_isNoticed(String damage) {
    sql(file, damage);

    List<Object> noticed = new ArrayList<>();
    try (JdbcCredentialStore store = stores.describe(file).open()) {
      useAll(store, noticed);
    } catch (CredentialStoreException e) {
      noticed.add(e);
    }
    try (MirroredCredentialStore mirror =
        MirroredCredentialStore.of(stores.describe(file).open())) {
      mirror.findPsk(PskIdentity.of("b"));
    } catch (CredentialStoreException e) {
      noticed.add(e);
    }
    assertThat(noticed).isNotEmpty();
  }

  /** The log is for people; damage in it shows where it is read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "action = 'FORGED'",
        "action = x'00'",
        "endpoint = x''",
        "identity = x''",
        "identity = zeroblob(129)",
      })
  void audit_impossibleEntry_isCorrupt(String damage) {
    sql(file, "UPDATE lwm2m_creds_audit SET " + damage + " WHERE number = 2");

    try (JdbcCredentialStore store = stores.describe(file).open()) {
      assertFails(Reason.CORRUPT, () -> store.audit(0).toList()).contains("is damaged");
      assertThat(store.findByEndpoint("b")).isPresent();
    }
  }

  private static void useAll(JdbcCredentialStore store, List<Object> noticed) {
    List<Runnable> uses =
        List.of(
            () -> store.check(noticed::add, done -> {}),
            () -> store.stream().toList(),
            () -> store.audit(0).toList(),
            () -> store.rotations().toList(),
            () -> store.revocations().toList(),
            () -> store.findRevocation("d"),
            () -> store.findByEndpoint("b"),
            () -> store.findByPskIdentity(PskIdentity.of("b")),
            () -> store.confirm(PskIdentity.of("next")),
            () -> store.put(credential("b", 7)),
            () -> store.putAll(List.of(credential("b", 8), credential("f", 9))),
            () -> store.rotate(credential("b", "n", 9), Instant.now().plusSeconds(60)),
            () -> store.remove("c"),
            () -> store.revoke("b", ""),
            () -> store.reseal(done -> {}));
    for (Runnable use : uses) {
      try {
        use.run();
      } catch (CredentialStoreException e) {
        noticed.add(e);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()) // by what is left, a change may be against the rules
            .containsAnyOf("no credential to rotate from", "already used", "was revoked");
      }
    }
  }

  @Test
  void find_sealedKeysSwapped_areUnreadableAndNeverAnothers() {
    sql(
        file,
        "CREATE TEMP TABLE old AS SELECT * FROM lwm2m_creds_credential",
        CREDENTIAL + "sealed = (SELECT sealed FROM old WHERE endpoint = x'61')" + B,
        CREDENTIAL
            + "sealed = (SELECT sealed FROM old WHERE endpoint = x'62') WHERE endpoint = x'61'");
    List<CredentialStoreException> told = new ArrayList<>();
    JdbcCredentialStore store = stores.opened(stores.describe(file).open());
    MirroredCredentialStore mirror =
        stores.opened(
            MirroredCredentialStore.builder(store)
                .observer(
                    new MirrorObserver() {
                      @Override
                      public void unreadable(CredentialStoreException failure) {
                        told.add(failure);
                      }
                    })
                .build());

    for (String name : List.of("a", "b")) {
      assertFails(Reason.CORRUPT, () -> store.findByEndpoint(name))
          .contains("endpoint '" + name + "' does not open");
      assertThat(mirror.findPsk(PskIdentity.of(name))).isEmpty();
    }
    assertThat(told).extracting(CredentialStoreException::reason).containsOnly(Reason.CORRUPT);
    assertThat(told).hasSize(2);
    assertThat(mirror.findPsk(PskIdentity.of("c"))).contains(key(3));
    List<StoreFinding> findings = new ArrayList<>();
    assertThat(store.check(findings::add, done -> {})).isEqualTo(4);
    assertThat(findings).extracting(StoreFinding::endpoint).containsExactly("a", "b");
  }

  @Test
  void sealedKeyDamaged_onlyTheKeyIsMissing_andAllElseWorks() {
    sql(file, CREDENTIAL + "sealed = x'00'" + B);
    for (ManagedStores kind : ManagedStores.values()) {
      try (ManagedCredentialStore store = kind.over(stores.describe(file).open())) {
        assertFails(Reason.CORRUPT, () -> store.findByEndpoint("b"));
        assertFails(Reason.CORRUPT, () -> store.findByPskIdentity(PskIdentity.of("b")));
        assertThat(store.findPskIdentity("b")).contains(PskIdentity.of("b"));
        assertThat(store.findEndpoint(PskIdentity.of("b"))).contains("b");
        assertThat(store.hasCredential("b")).isTrue();
        assertThat(listed(store))
            .hasSize((int) store.size())
            .contains(new CredentialSummary("b", PskIdentity.of("b"), Optional.empty()));
        assertThatThrownBy(() -> store.add(credential("b", 7)))
            .isInstanceOf(EndpointInUseException.class);
        assertThatThrownBy(() -> store.addAll(List.of(credential("new", 1), credential("b", 7))))
            .isInstanceOf(EndpointInUseException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void sealedKeyDamaged_isReplacedRemovedRotatedAndRevoked(ManagedStores kind) {
    sql(file, CREDENTIAL + "sealed = x'00'" + B);
    try (ManagedCredentialStore store = kind.over(stores.describe(file).open())) {
      store.rotate(credential("b", "b-next", 8), Instant.now().plusSeconds(3_600));
      assertThat(store.findRotation("b").orElseThrow().next()).isEqualTo(PskIdentity.of("b-next"));
      assertThat(store.put(credential("b", 7))).isEqualTo(PutOutcome.REPLACED);
      assertThat(store.findByEndpoint("b")).contains(credential("b", 7));
    }
    sql(file, CREDENTIAL + "sealed = x'00'" + B);
    try (ManagedCredentialStore store = kind.over(stores.describe(file).open())) {
      assertThat(store.putAll(List.of(credential("b", 7)))).isOne();
      assertThat(store.findByEndpoint("b")).contains(credential("b", 7));
    }
    sql(file, CREDENTIAL + "sealed = x'00'" + B);
    try (ManagedCredentialStore store = kind.over(stores.describe(file).open())) {
      assertThat(store.remove("b")).isTrue();
      assertThat(store.hasCredential("b")).isFalse();
      store.add(credential("b", 7));
    }
    sql(file, CREDENTIAL + "sealed = x'00'" + B);
    try (ManagedCredentialStore store = kind.over(stores.describe(file).open())) {
      assertThat(store.revoke("b", "damaged")).isTrue();
      assertThat(store.reinstate(credential("b", 7))).isEqualTo(PutOutcome.ADDED);
      assertThat(store.findByEndpoint("b")).contains(credential("b", 7));
    }
  }
}
