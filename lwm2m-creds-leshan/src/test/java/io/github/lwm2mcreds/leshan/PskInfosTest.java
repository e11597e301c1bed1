// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.TestInfos.oscore;
import static io.github.lwm2mcreds.leshan.TestInfos.psk;
import static io.github.lwm2mcreds.leshan.TestInfos.rawPublicKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pre-shared keys that one of Leshan's own stores holds. */
class PskInfosTest {
  private static final byte[] WEAK_KEY = "secretKey".getBytes(StandardCharsets.US_ASCII);

  private final InMemorySecurityStore from = new InMemorySecurityStore();

  static Stream<CredentialStore> stores() {
    return Stream.of(new InMemoryCredentialStore(), new InMemoryEngine());
  }

  @Test
  void securityStore_overInfosWithPreSharedKeys_isRefusedAndSaysWhatToDo() throws Exception {
    SecurityInfo info = psk("ep-00", "id-00", 0);
    from.add(info);
    for (int i = 1; i < 13; i++) {
      from.add(psk("ep-%02d".formatted(i), "id-%02d".formatted(i), i));
    }

    assertThatThrownBy(() -> new LeshanSecurityStore(new InMemoryCredentialStore(), from))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'ep-00', 'ep-01',")
        .hasMessageContaining("'ep-09' and 3 more")
        .hasMessageContaining("PskInfos.move")
        .hasMessageNotContaining(HexFormat.of().formatHex(info.getPreSharedKey()));
  }

  @Test
  void infoWithAPreSharedKey_addedBehindTheStoresBack_isIgnored() throws Exception {
    LeshanSecurityStore store = new LeshanSecurityStore(new InMemoryCredentialStore(), from);

    from.add(psk("ep", "id", 1));

    assertThat(store.getByEndpoint("ep")).isNull();
    assertThat(store.getByIdentity("id")).isNull();
    assertThat(store.getAll()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("stores")
  void move_keys_areInTheCredentialStoreOnly(CredentialStore to) throws Exception {
    SecurityInfo info = psk("b", "id-b", 1);
    PreSharedKey key = PreSharedKey.copyOf(info.getPreSharedKey());
    from.add(info);
    from.add(psk("a", "id-a", 2));
    from.add(rawPublicKey("rpk"));
    from.add(oscore("oscore"));

    assertThat(PskInfos.move(from, to)).containsExactly("a", "b");

    assertThat(to.findPsk(PskIdentity.of("id-b"))).contains(key);
    assertThat(to.size()).isEqualTo(2);
    assertThat(from.getAll())
        .extracting(SecurityInfo::getEndpoint)
        .containsExactlyInAnyOrder("rpk", "oscore");
    assertThat(info.getPreSharedKey()).as("wiped").containsOnly(0);
    assertThat(new LeshanSecurityStore(to, from).getAll()).hasSize(4);
    assertThat(PskInfos.move(from, to)).as("again").isEmpty();
  }

  @Test
  void move_keys_leaveTheFileOfAFileSecurityStore(@TempDir Path folder) throws Exception {
    String file = folder.resolve("security.data").toString();
    FileSecurityStore saved = new FileSecurityStore(file);
    saved.add(psk("ep", "id", 1));
    saved.add(rawPublicKey("rpk"));
    CredentialStore to = new InMemoryCredentialStore();

    PskInfos.move(new FileSecurityStore(file), to);

    assertThat(new FileSecurityStore(file).getAll())
        .extracting(SecurityInfo::getEndpoint)
        .containsExactly("rpk");
    assertThat(to.hasCredential("ep")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("stores")
  void move_weakKeys_areAllNamedAndNothingIsMoved(CredentialStore to) throws Exception {
    from.add(psk("a-good", "a-good", 1));
    from.add(SecurityInfo.newPreSharedKeyInfo("weak-1", "weak-1", WEAK_KEY));
    from.add(SecurityInfo.newPreSharedKeyInfo("weak-2", "weak-2", WEAK_KEY));

    assertThatThrownBy(() -> PskInfos.move(from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'weak-1' (the key of 'weak-1' ")
        .hasMessageContaining("'weak-2' (the key of 'weak-2' ")
        .hasMessageNotContaining("a-good")
        .hasMessageNotContaining("secretKey");
    assertThat(to.stream()).isEmpty();
    assertThat(from.getAll()).hasSize(3);
    assertThat(from.getByEndpoint("weak-1").getPreSharedKey()).isEqualTo(WEAK_KEY);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void move_whatWouldReplaceOrTakeAway_isAllNamedAndNothingIsMoved(CredentialStore to)
      throws Exception {
    to.put(PskInfos.credential(psk("other-key", "other-key", 1)));
    to.put(PskInfos.credential(psk("owner", "taken", 2)));
    from.add(psk("good", "good", 3));
    from.add(psk("other-key", "other-key", 4));
    from.add(psk("taker", "taken", 5));
    from.add(psk("too-long", "i".repeat(129), 6));

    assertThatThrownBy(() -> PskInfos.move(from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'other-key' (the endpoint 'other-key' already has another")
        .hasMessageContaining("'taker' (PSK identity 'taken' is already used")
        .hasMessageContaining("'too-long' (the PSK identity has 129 bytes")
        .hasMessageNotContaining("'good'");
    assertThat(to.stream())
        .extracting(CredentialSummary::endpoint)
        .containsExactly("other-key", "owner");
    assertThat(from.getAll()).hasSize(4);
  }

  @Test
  void move_revokedEndpoint_isNamedAndNothingIsMoved() throws Exception {
    InMemoryEngine to = new InMemoryEngine();
    to.revoke("ep", "stolen");
    from.add(psk("ep", "ep", 1));
    from.add(psk("good", "good", 2));

    assertThatThrownBy(() -> PskInfos.move(from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'ep' (the endpoint 'ep' was revoked");
    assertThat(to.size()).isZero();
  }

  /** As after a crash: what was stored is not stored again, and leaves the security store. */
  @ParameterizedTest
  @MethodSource("stores")
  void move_afterOneThatWasInterrupted_isFinished(CredentialStore to) throws Exception {
    from.add(psk("a", "a", 1));
    from.add(psk("b", "b", 2));
    EditableSecurityStore failing =
        new InMemorySecurityStore() {
          @Override
          public SecurityInfo remove(String endpoint, boolean infosAreCompromised) {
            throw new CredentialStoreException(Reason.UNAVAILABLE, "out of reach");
          }
        };
    for (SecurityInfo info : from.getAll()) {
      failing.add(info);
    }
    assertThatThrownBy(() -> PskInfos.move(failing, to))
        .isInstanceOf(CredentialStoreException.class);
    assertThat(to.size()).isEqualTo(2);

    assertThat(PskInfos.move(from, to)).isEqualTo(List.of("a", "b"));

    assertThat(from.getAll()).isEmpty();
    DeviceCredential expected = PskInfos.credential(psk("b", "b", 2));
    assertThat(to.findByEndpoint("b")).contains(expected);
  }
}
