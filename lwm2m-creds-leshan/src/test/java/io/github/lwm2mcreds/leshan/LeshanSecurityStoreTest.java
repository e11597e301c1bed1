// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.TestInfos.oscore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.SealedCredential;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;

class LeshanSecurityStoreTest {
  /** Nine bytes, as in the tests of Leshan's own stores. */
  private static final byte[] KEY = "secretKey".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] OTHER_KEY = "otherKey!".getBytes(StandardCharsets.US_ASCII);

  private final CredentialStore credentials =
      new InMemoryCredentialStore(KeyPolicy.allowingAnyKey());
  private final LeshanSecurityStore store = new LeshanSecurityStore(credentials);
  private final List<String> told = new ArrayList<>();

  LeshanSecurityStoreTest() {
    store.addListener(
        (compromised, infos) -> {
          for (SecurityInfo info : infos) {
            told.add(info.getEndpoint() + "/" + info.getPskIdentity() + "/" + compromised);
          }
        });
  }

  @Test
  void add_newEndpoint_isFoundByEndpointAndIdentity() throws Exception {
    SecurityInfo info = psk("ep", "id", KEY);

    assertThat(store.add(info)).isNull();

    assertThat(store.getByEndpoint("ep")).isEqualTo(info);
    assertThat(store.getByIdentity("id")).isEqualTo(info);
    assertThat(store.getAll()).containsExactly(info);
    assertThat(told).isEmpty();
  }

  @Test
  void getters_unknown_giveNull() {
    assertThat(store.getByEndpoint("ep")).isNull();
    assertThat(store.getByIdentity("id")).isNull();
    assertThat(store.getByIdentity("")).isNull();
    assertThat(store.getByIdentity("x".repeat(129))).isNull();
    assertThat(store.getByOscoreIdentity(new OscoreIdentity(new byte[] {1}))).isNull();
    assertThat(store.remove("ep", true)).isNull();
  }

  @Test
  void getAll_isNotModifiable() {
    assertThatThrownBy(() -> store.getAll().add(psk("ep", "id", KEY)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void add_identityOfAnotherEndpoint_isRefusedAndChangesNothing() throws Exception {
    store.add(psk("ep", "id", KEY));

    assertThatThrownBy(() -> store.add(psk("other", "id", OTHER_KEY)))
        .isInstanceOf(NonUniqueSecurityInfoException.class)
        .hasMessage("PSK Identity id is already used");

    assertThat(store.getByIdentity("id")).isEqualTo(psk("ep", "id", KEY));
    assertThat(store.getByEndpoint("other")).isNull();
    assertThat(told).isEmpty();
  }

  @Test
  void add_anotherIdentity_freesTheOldOne() throws Exception {
    store.add(psk("ep", "old", KEY));

    assertThat(store.add(psk("ep", "new", KEY))).isEqualTo(psk("ep", "old", KEY));
    store.add(psk("other", "old", KEY));

    assertThat(store.getByIdentity("old").getEndpoint()).isEqualTo("other");
    assertThat(store.getByIdentity("new").getEndpoint()).isEqualTo("ep");
  }

  @Test
  void add_anotherKey_tellsListenersSoThatSessionsEnd() throws Exception {
    store.add(psk("ep", "id", KEY));

    store.add(psk("ep", "id", OTHER_KEY));

    assertThat(told).containsExactly("ep/id/true");
  }

  @Test
  void add_theSameAgain_tellsNobody() throws Exception {
    store.add(psk("ep", "id", KEY));

    assertThat(store.add(psk("ep", "id", KEY))).isEqualTo(psk("ep", "id", KEY));

    assertThat(told).isEmpty();
  }

  @Test
  void remove_tellsListenersOnceWithTheCallersFlag() throws Exception {
    store.add(psk("a", "ia", KEY));
    store.add(psk("b", "ib", OTHER_KEY));

    assertThat(store.remove("a", false)).isEqualTo(psk("a", "ia", KEY));
    assertThat(store.remove("b", true)).isEqualTo(psk("b", "ib", OTHER_KEY));

    assertThat(told).containsExactly("a/ia/false", "b/ib/true");
    assertThat(store.getAll()).isEmpty();
  }

  @Test
  void remove_toldListener_getsTheWholeInfo() throws Exception {
    List<SecurityInfo> infos = new ArrayList<>();
    store.addListener((compromised, removed) -> infos.addAll(List.of(removed)));
    store.add(psk("ep", "id", KEY));

    store.remove("ep", true);

    assertThat(infos).containsExactly(psk("ep", "id", KEY));
  }

  @Test
  void credentialStore_changedDirectly_tellsListeners() throws Exception {
    store.add(psk("ep", "id", KEY));

    credentials.put(credential("ep", "id2", OTHER_KEY));
    credentials.remove("ep");

    assertThat(told).containsExactly("ep/id/true", "ep/id2/true");
  }

  @Test
  void remove_endpointWithACredentialAndAnotherInfo_removesBoth() throws Exception {
    store.add(SecurityInfo.newX509CertInfo("ep"));
    credentials.put(credential("ep", "id", KEY));
    assertThat(store.getAll()).hasSize(1);

    assertThat(store.remove("ep", true)).isEqualTo(psk("ep", "id", KEY));

    assertThat(store.getByEndpoint("ep")).isNull();
    assertThat(store.getAll()).isEmpty();
    assertThat(told).containsExactly("ep/id/true", "ep/null/true");
  }

  @Test
  void add_whenAnotherListenerThrows_tellsOursAllTheSame() throws Exception {
    CredentialStore shared = new InMemoryCredentialStore(KeyPolicy.allowingAnyKey());
    shared.addListener(
        retired -> {
          throw new IllegalStateException("credential listener");
        });
    LeshanSecurityStore other = new LeshanSecurityStore(shared);
    List<SecurityInfo> ended = new ArrayList<>();
    other.addListener(
        (compromised, infos) -> {
          throw new IllegalStateException("security listener");
        });
    other.addListener((compromised, infos) -> ended.addAll(List.of(infos)));
    other.add(psk("ep", "id", KEY));

    assertThatThrownBy(() -> other.add(psk("ep", "id", OTHER_KEY)))
        .isInstanceOf(IllegalStateException.class);

    assertThat(ended).containsExactly(psk("ep", "id", KEY));
    assertThat(other.getByEndpoint("ep")).isEqualTo(psk("ep", "id", OTHER_KEY));
  }

  @Test
  void remove_whenAListenerThrows_leavesNoInfoOfTheEndpoint() throws Exception {
    store.add(SecurityInfo.newX509CertInfo("ep"));
    credentials.put(credential("ep", "id", KEY));
    credentials.addListener(
        retired -> {
          throw new IllegalStateException("credential listener");
        });

    assertThatThrownBy(() -> store.remove("ep", true)).isInstanceOf(IllegalStateException.class);

    assertThat(store.getByEndpoint("ep")).isNull();
    assertThat(told).containsExactly("ep/id/true", "ep/null/true");
  }

  /** One damaged row must neither hide the others nor keep itself from being replaced. */
  @Test
  void keyThatDoesNotOpen_isListedWithoutIt_replacedAndRemoved() throws Exception {
    InMemoryEngine damaged =
        new InMemoryEngine() {
          @Override
          public PreSharedKey open(SealedCredential credential) {
            if (credential.endpoint().equals("bad") && credential.sealed()[0] == 1) {
              throw new CredentialStoreException(Reason.CORRUPT, "does not open");
            }
            return super.open(credential);
          }
        };
    byte[] key = new byte[16];
    new Random(1).nextBytes(key);
    damaged.put(DeviceCredential.of("good", PreSharedKey.copyOf(key)));
    key[0] = 1;
    damaged.put(DeviceCredential.of("bad", PreSharedKey.copyOf(key)));
    LeshanSecurityStore infos = new LeshanSecurityStore(damaged);

    assertThat(infos.getAll())
        .extracting(SecurityInfo::getEndpoint, info -> info.getPreSharedKey().length)
        .containsExactly(tuple("bad", 0), tuple("good", 16));
    key[0] = 2;
    SecurityInfo replaced = infos.add(SecurityInfo.newPreSharedKeyInfo("bad", "bad", key));
    assertThat(replaced.getPreSharedKey()).isEmpty();
    assertThat(infos.getByEndpoint("bad").getPreSharedKey()).isEqualTo(key);
    key[0] = 1;
    damaged.put(DeviceCredential.of("bad", PreSharedKey.copyOf(key)));
    assertThat(infos.remove("bad", true).getPskIdentity()).isEqualTo("bad");
    assertThat(damaged.hasCredential("bad")).isFalse();
  }

  @Test
  void getters_null_giveNull() {
    assertThat(store.getByEndpoint(null)).isNull();
    assertThat(store.getByIdentity(null)).isNull();
    assertThat(store.remove(null, true)).isNull();
  }

  @Test
  void removeListener_isToldNoLonger() throws Exception {
    List<String> others = new ArrayList<>();
    org.eclipse.leshan.servers.security.SecurityStoreListener listener =
        (compromised, infos) -> others.add("told");
    store.addListener(listener);
    store.removeListener(listener);
    store.add(psk("ep", "id", KEY));

    store.remove("ep", true);

    assertThat(others).isEmpty();
  }

  @Test
  void destroy_listensToTheCredentialStoreNoLonger() throws Exception {
    store.add(psk("ep", "id", KEY));

    store.destroy();
    credentials.remove("ep");

    assertThat(told).isEmpty();
  }

  @Test
  void destroy_whatEndsWithItThrows_endsAllTheRest() throws Exception {
    List<String> ended = new ArrayList<>();
    RuntimeException thrown = new IllegalStateException("first");
    store.onDestroy(
        () -> {
          throw thrown;
        });
    store.onDestroy(() -> ended.add("second"));
    store.add(psk("ep", "id", KEY));

    assertThatThrownBy(store::destroy).isSameAs(thrown);

    credentials.remove("ep");
    assertThat(told).isEmpty();
    assertThat(ended).containsExactly("second");
  }

  @Test
  void add_weakKeyUnderStrictPolicy_isRefused() {
    LeshanSecurityStore strict = new LeshanSecurityStore(new InMemoryCredentialStore());

    assertThatThrownBy(() -> strict.add(psk("ep", "id", KEY)))
        .isInstanceOf(WeakKeyException.class)
        .hasMessageContaining("ep")
        .hasMessageNotContaining("secretKey");
    assertThat(strict.getAll()).isEmpty();
  }

  @Test
  void otherModes_areKeptByTheDelegate() throws Exception {
    PublicKey rpk = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
    store.add(SecurityInfo.newRawPublicKeyInfo("rpk", rpk));
    store.add(SecurityInfo.newX509CertInfo("x509"));
    store.add(SecurityInfo.newOscoreInfo("oscore", oscore((byte) 1)));
    store.add(psk("psk", "id", KEY));

    assertThat(store.getByEndpoint("rpk").getRawPublicKey()).isEqualTo(rpk);
    assertThat(store.getByEndpoint("x509").useX509Cert()).isTrue();
    assertThat(store.getByOscoreIdentity(new OscoreIdentity(new byte[] {1})).getEndpoint())
        .isEqualTo("oscore");
    assertThat(store.getAll()).hasSize(4);
    assertThat(credentials.size()).isEqualTo(1);
  }

  @Test
  void oscore_recipientIdOfAnotherEndpoint_isRefused() throws Exception {
    store.add(SecurityInfo.newOscoreInfo("ep", oscore((byte) 1)));

    assertThatThrownBy(() -> store.add(SecurityInfo.newOscoreInfo("other", oscore((byte) 1))))
        .isInstanceOf(NonUniqueSecurityInfoException.class);

    store.add(SecurityInfo.newOscoreInfo("ep", oscore((byte) 2)));
    store.add(SecurityInfo.newOscoreInfo("other", oscore((byte) 1)));
    assertThat(store.getAll()).hasSize(2);
  }

  @Test
  void add_anotherMode_replacesWhereverItIsKept() throws Exception {
    store.add(psk("ep", "id", KEY));

    assertThat(store.add(SecurityInfo.newX509CertInfo("ep"))).isEqualTo(psk("ep", "id", KEY));
    assertThat(store.getByEndpoint("ep").usePSK()).isFalse();
    assertThat(store.getByIdentity("id")).isNull();

    assertThat(store.add(psk("ep", "id", KEY)).useX509Cert()).isTrue();
    assertThat(store.getByEndpoint("ep").usePSK()).isTrue();
    assertThat(store.getAll()).hasSize(1);
    assertThat(told).containsExactly("ep/id/true", "ep/null/true");
  }

  @Test
  void remove_ofAnotherMode_tellsListenersOnce() throws Exception {
    store.add(SecurityInfo.newX509CertInfo("ep"));

    assertThat(store.remove("ep", false).useX509Cert()).isTrue();

    assertThat(told).containsExactly("ep/null/false");
  }

  @Test
  void identityThatIsNotUtf8_isFoundByItsString() {
    PskIdentity identity = PskIdentity.ofBytes(new byte[] {'a', (byte) 0xff});
    credentials.put(DeviceCredential.of("ep", identity, PreSharedKey.copyOf(KEY)));

    assertThat(store.getByIdentity(identity.asString()).getEndpoint()).isEqualTo("ep");
    assertThat(store.getByIdentity("a\ufffd")).isNull();
  }

  private static SecurityInfo psk(String endpoint, String identity, byte[] key) {
    return SecurityInfo.newPreSharedKeyInfo(endpoint, identity, key);
  }

  private static DeviceCredential credential(String endpoint, String identity, byte[] key) {
    return DeviceCredential.of(endpoint, PskIdentity.of(identity), PreSharedKey.copyOf(key));
  }
}
