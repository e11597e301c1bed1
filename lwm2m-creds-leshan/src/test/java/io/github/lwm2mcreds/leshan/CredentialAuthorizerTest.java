// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.net.InetSocketAddress;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.core.peer.RpkIdentity;
import org.eclipse.leshan.core.peer.SocketIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.DeregisterRequest;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.SendRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.UplinkRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;

class CredentialAuthorizerTest {
  private static final EndpointUri COAPS = new EndpointUri("coaps", "localhost", 5684);
  private static final EndpointUri OTHER_COAPS = new EndpointUri("coaps", "localhost", 5685);
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("localhost", 1);
  private static final LwM2mIdentity NO_SECURITY = new SocketIdentity(ADDRESS);
  private static final SendRequest SEND =
      new SendRequest(
          ContentFormat.SENML_JSON,
          Map.of(new LwM2mPath("/3/0/0"), LwM2mSingleResource.newStringResource(0, "v")));

  private final InMemoryEngine credentials = new InMemoryEngine();
  private final LeshanSecurityStore infos = new LeshanSecurityStore(credentials);
  private final List<RegistrationRefusal> refusals = new ArrayList<>();
  private CredentialAuthorizer authorizer =
      CredentialAuthorizer.builder(infos).onRefusal(refusals::add).build();

  @Test
  void identity_ofTheEndpoint_isApprovedForAllThatConcernsRegistration() {
    credentials.put(credential("ep", "id"));

    assertThat(approves(register("ep"), "ep", psk("id"))).isTrue();
    assertThat(approves(update(), "ep", psk("id"))).isTrue();
    assertThat(approves(new DeregisterRequest("r"), "ep", psk("id"))).isTrue();
    assertThat(refusals).isEmpty();
  }

  @Test
  void identities_currentAndNext_areApproved() {
    credentials.put(credential("ep", "id"));
    credentials.rotate(credential("ep", "id2"), Instant.MAX);

    assertThat(approves(register("ep"), "ep", psk("id"))).isTrue();
    assertThat(approves(update(), "ep", psk("id2"))).isTrue();
  }

  @Test
  void identity_ofAnotherEndpoint_isRefused() {
    credentials.put(credential("ep", "id"));
    credentials.put(credential("other", "theirs"));

    assertThat(approves(register("ep"), "ep", psk("theirs"))).isFalse();
    assertThat(approves(register("ep"), "ep", psk("unknown"))).isFalse();
    assertThat(approves(register("third"), "third", psk("id"))).isFalse();
    assertThat(refusals)
        .extracting(RegistrationRefusal::reason)
        .containsExactly(
            "the PSK identity is not the endpoint's",
            "the PSK identity is not the endpoint's",
            "the endpoint has no credential");
    assertThat(refusals.get(0))
        .extracting(RegistrationRefusal::endpoint, RegistrationRefusal::peer)
        .containsExactly("ep", "PSK identity 'theirs'");
  }

  @Test
  void noSecurity_isRefusedUnlessTheServerSaysOtherwise() {
    credentials.put(credential("removed", "id"));
    credentials.remove("removed");

    assertThat(approves(register("removed"), "removed", NO_SECURITY)).isFalse();
    assertThat(approves(register("open"), "open", NO_SECURITY)).isFalse();
    assertThat(approves(update(), "open", NO_SECURITY)).isFalse();
    assertThat(approves(SEND, "open", NO_SECURITY)).isFalse();
    assertThat(refusals)
        .extracting(RegistrationRefusal::reason)
        .containsOnly("the session has no security, which this server requires");
  }

  @Test
  void noSecurity_whereTheServerAllowsIt_isForEndpointsOfWhichNothingIsKnown() throws Exception {
    authorizer = openAuthorizer();
    credentials.put(credential("psk", "id"));
    infos.add(SecurityInfo.newX509CertInfo("x509"));
    credentials.put(credential("removed", "id2"));
    credentials.remove("removed");

    assertThat(approves(register("psk"), "psk", NO_SECURITY)).isFalse();
    assertThat(approves(register("x509"), "x509", NO_SECURITY)).isFalse();
    assertThat(approves(register("removed"), "removed", NO_SECURITY)).isTrue();
    assertThat(approves(register("open"), "open", NO_SECURITY)).isTrue();
    assertThat(approves(SEND, "open", NO_SECURITY)).isTrue();
    assertThat(refusals)
        .extracting(RegistrationRefusal::reason)
        .containsOnly("the session is not the one the endpoint is expected to use");
  }

  @Test
  void revokedEndpoint_isRefusedInEveryMode() throws Exception {
    authorizer = openAuthorizer();
    PublicKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
    credentials.revoke("ep", "stolen");

    for (LwM2mIdentity identity :
        List.of(
            psk("ep"),
            new RpkIdentity(key),
            new X509Identity("ep"),
            new OscoreIdentity(new byte[] {1}),
            NO_SECURITY)) {
      assertThat(approves(register("ep"), "ep", identity)).isFalse();
      assertThat(approves(update(), "ep", identity)).isFalse();
      assertThat(approves(new DeregisterRequest("r"), "ep", identity)).isFalse();
      assertThat(approves(SEND, "ep", identity)).isFalse();
    }
    assertThat(refusals)
        .hasSize(20)
        .extracting(RegistrationRefusal::reason)
        .containsOnly("the endpoint is revoked");
  }

  /** The info is still there, as when the change was missed. */
  @Test
  void revokedEndpoint_whoseInfoIsThere_isRefused() throws Exception {
    InMemorySecurityStore others = new InMemorySecurityStore();
    authorizer =
        CredentialAuthorizer.builder(new LeshanSecurityStore(credentials, others))
            .onRefusal(refusals::add)
            .build();
    others.add(TestInfos.oscore("ep"));
    OscoreIdentity identity = new OscoreIdentity(new byte[] {1});
    assertThat(approves(register("ep"), "ep", identity)).isTrue();
    others.remove("ep", true);

    credentials.revoke("ep", "stolen");
    others.add(TestInfos.oscore("ep"));

    assertThat(approves(register("ep"), "ep", identity)).isFalse();
  }

  private CredentialAuthorizer openAuthorizer() {
    return CredentialAuthorizer.builder(infos)
        .onRefusal(refusals::add)
        .allowAnyoneWithoutSecurity()
        .build();
  }

  @Test
  void otherModes_areThoseOfTheirInfos() throws Exception {
    PublicKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
    PublicKey otherKey = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
    infos.add(SecurityInfo.newRawPublicKeyInfo("rpk", key));
    infos.add(SecurityInfo.newX509CertInfo("x509"));
    credentials.put(credential("psk", "id"));

    assertThat(approves(register("rpk"), "rpk", new RpkIdentity(key))).isTrue();
    assertThat(approves(register("rpk"), "rpk", new RpkIdentity(otherKey))).isFalse();
    assertThat(approves(register("rpk"), "rpk", psk("id"))).isFalse();
    assertThat(approves(register("rpk"), "rpk", NO_SECURITY)).isFalse();
    assertThat(approves(register("x509"), "x509", new X509Identity("x509"))).isTrue();
    assertThat(approves(register("psk"), "psk", new X509Identity("psk"))).isFalse();
  }

  @Test
  void update_fromAnotherServerEndpoint_isRefused() {
    credentials.put(credential("ep", "id"));
    IpPeer sender = new IpPeer(ADDRESS, psk("id"));

    assertThat(
            authorizer
                .isAuthorized(update(), registration("ep", sender), sender, OTHER_COAPS)
                .isApproved())
        .isFalse();
    assertThat(refusals)
        .extracting(RegistrationRefusal::reason)
        .containsExactly("the session is not the one the endpoint is expected to use");
  }

  @Test
  void send_isApprovedForTheIdentityOfTheRegistration() {
    IpPeer registered = new IpPeer(ADDRESS, psk("id"));
    IpPeer other = new IpPeer(ADDRESS, psk("id2"));
    Registration registration = registration("ep", registered);

    assertThat(authorizer.isAuthorized(SEND, registration, registered, COAPS).isApproved())
        .isTrue();
    assertThat(authorizer.isAuthorized(SEND, registration, other, COAPS).isApproved()).isFalse();
  }

  @Test
  void update_thatLeshanMakesOfASend_isApprovedAsByLeshan() {
    assertThat(
            approves(new UpdateRequest("r", null, null, null, null, null, SEND), "ep", psk("id")))
        .isTrue();
    assertThat(credentials.confirmed).isEmpty();
  }

  @Test
  void identity_thatIsNone_isRefused() {
    credentials.put(credential("ep", "id"));

    assertThat(approves(register("ep"), "ep", psk("i".repeat(129)))).isFalse();
  }

  @Test
  void store_thatDoesNotRotate_isEnough() {
    InMemoryCredentialStore plain = new InMemoryCredentialStore();
    plain.put(credential("ep", "id"));
    CredentialAuthorizer own = CredentialAuthorizer.builder(new LeshanSecurityStore(plain)).build();
    IpPeer sender = new IpPeer(ADDRESS, psk("id"));

    assertThat(
            own.isAuthorized(register("ep"), registration("ep", sender), sender, COAPS)
                .isApproved())
        .isTrue();
  }

  private boolean approves(UplinkRequest<?> request, String endpoint, LwM2mIdentity identity) {
    IpPeer sender = new IpPeer(ADDRESS, identity);
    return authorizer
        .isAuthorized(request, registration(endpoint, sender), sender, COAPS)
        .isApproved();
  }

  private static Registration registration(String endpoint, IpPeer peer) {
    return new Registration.Builder("r", endpoint, peer, COAPS).build();
  }

  private static RegisterRequest register(String endpoint) {
    return new RegisterRequest(
        endpoint, null, "1.1", null, null, null, new Link[] {new Link("/3/0")}, null);
  }

  private static UpdateRequest update() {
    return new UpdateRequest("r", null, null, null, null, null);
  }

  private static LwM2mIdentity psk(String identity) {
    return new org.eclipse.leshan.core.peer.PskIdentity(identity);
  }

  private static DeviceCredential credential(String endpoint, String identity) {
    return DeviceCredential.of(
        endpoint, PskIdentity.of(identity), CredentialGenerator.of("urn:uuid:").nextKey());
  }
}
