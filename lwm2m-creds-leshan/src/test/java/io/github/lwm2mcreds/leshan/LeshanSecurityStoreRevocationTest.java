// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.TestInfos.oscore;
import static io.github.lwm2mcreds.leshan.TestInfos.psk;
import static io.github.lwm2mcreds.leshan.TestInfos.rawPublicKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.leshan.core.Startable;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A revoked endpoint has no info, whatever its mode. */
class LeshanSecurityStoreRevocationTest {
  private static final OscoreIdentity OSCORE = new OscoreIdentity(new byte[] {1});

  private final InMemoryEngine credentials = new InMemoryEngine();
  private final InMemorySecurityStore others = new InMemorySecurityStore();
  private final LeshanSecurityStore store = new LeshanSecurityStore(credentials, others);
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    store.addListener(
        (compromised, infos) ->
            Stream.of(infos)
                .filter(info -> !info.usePSK())
                .forEach(info -> told.add(info.getEndpoint() + "/" + compromised)));
  }

  static List<SecurityInfo> infosOfEveryMode() {
    return List.of(
        psk("ep", "ep", 1), rawPublicKey("ep"), SecurityInfo.newX509CertInfo("ep"), oscore("ep"));
  }

  static List<SecurityInfo> infosOfOtherModes() {
    return infosOfEveryMode().subList(1, 4);
  }

  @ParameterizedTest
  @MethodSource("infosOfEveryMode")
  void add_revokedEndpoint_isRefusedAsByPut(SecurityInfo info) {
    credentials.revoke("ep", "stolen");

    assertThatThrownBy(() -> store.add(info))
        .isInstanceOfSatisfying(
            RevokedCredentialException.class,
            e -> assertThat(e.revocation()).isEqualTo(credentials.findRevocation("ep").get()))
        .hasMessageContaining("stolen");
    assertThat(store.getAll()).isEmpty();
    assertThat(others.getAll()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("infosOfOtherModes")
  void revoke_endpointOfAnotherMode_removesItsInfoAsCompromised(SecurityInfo info)
      throws Exception {
    store.add(info);
    store.add(SecurityInfo.newX509CertInfo("other"));

    assertThat(credentials.revoke("ep", "")).as("it had no credential").isFalse();

    assertThat(told).containsExactly("ep/true");
    assertThat(others.getAll()).extracting(SecurityInfo::getEndpoint).containsExactly("other");
  }

  @Test
  void revoke_whenAListenerThrows_removesTheInfoAllTheSame() throws Exception {
    store.add(rawPublicKey("ep"));
    store.addListener(
        (compromised, infos) -> {
          throw new IllegalStateException("listener");
        });

    assertThatThrownBy(() -> credentials.revoke("ep", ""))
        .isInstanceOf(IllegalStateException.class);

    assertThat(told).containsExactly("ep/true");
    assertThat(others.getAll()).isEmpty();
  }

  /** State, not events: the info is not found even where nobody has told of the revocation. */
  @Test
  void getters_revokedEndpointWhoseInfoIsStillThere_giveNull() throws Exception {
    credentials.revoke("ep", "");
    others.add(oscore("ep"));

    assertThat(store.getByEndpoint("ep")).isNull();
    assertThat(store.getByOscoreIdentity(OSCORE)).isNull();
    assertThat(store.getAll()).isEmpty();
    assertThat(store.remove("ep", true)).as("it can be removed").isNotNull();
  }

  @Test
  void changesMissed_infosOfRevokedEndpoints_areRemovedAsCompromised() throws Exception {
    credentials.revoke("ep", "");
    others.add(rawPublicKey("ep"));
    others.add(rawPublicKey("good"));

    credentials.listening.forEach(CredentialStoreListener::changesMissed);

    assertThat(told).containsExactly("ep/true");
    assertThat(others.getAll()).extracting(SecurityInfo::getEndpoint).containsExactly("good");
  }

  @Test
  void changesMissed_whenAListenerThrows_removesAllInfosOfRevokedEndpoints() throws Exception {
    for (String endpoint : List.of("ep1", "ep2", "ep3")) {
      credentials.revoke(endpoint, "");
      others.add(rawPublicKey(endpoint));
    }
    RuntimeException thrown = new IllegalStateException("listener");
    store.addListener(
        (compromised, infos) -> {
          throw thrown;
        });

    assertThatThrownBy(() -> credentials.listening.forEach(CredentialStoreListener::changesMissed))
        .isSameAs(thrown);

    assertThat(told).containsExactlyInAnyOrder("ep1/true", "ep2/true", "ep3/true");
    assertThat(others.getAll()).isEmpty();
  }

  @Test
  void start_infosOfRevokedEndpoints_areRemovedAsCompromised() throws Exception {
    credentials.revoke("ep", "");
    others.add(rawPublicKey("ep"));
    others.add(rawPublicKey("good"));

    store.start();

    assertThat(told).containsExactly("ep/true");
    assertThat(others.getAll()).extracting(SecurityInfo::getEndpoint).containsExactly("good");
  }

  @Test
  void start_infosThatTheDelegateLoadsThen_areRemovedIfRevoked() {
    class Loading extends InMemorySecurityStore implements Startable {
      @Override
      public void start() {
        try {
          add(rawPublicKey("ep"));
          add(rawPublicKey("good"));
        } catch (NonUniqueSecurityInfoException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    Loading loading = new Loading();
    credentials.revoke("ep", "");

    new LeshanSecurityStore(credentials, loading).start();

    assertThat(loading.getAll()).extracting(SecurityInfo::getEndpoint).containsExactly("good");
  }

  /** The event comes before the info is there, which must not stay then. */
  @Test
  void add_whileTheEndpointIsRevoked_isRefusedAndLeavesNothing() {
    InMemorySecurityStore slow =
        new InMemorySecurityStore() {
          @Override
          public SecurityInfo add(SecurityInfo info) throws NonUniqueSecurityInfoException {
            credentials.revoke(info.getEndpoint(), "meanwhile");
            return super.add(info);
          }
        };
    LeshanSecurityStore own = new LeshanSecurityStore(credentials, slow);

    assertThatThrownBy(() -> own.add(rawPublicKey("ep")))
        .isInstanceOf(RevokedCredentialException.class);

    assertThat(slow.getAll()).isEmpty();
  }
}
