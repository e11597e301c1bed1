// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.InMemoryEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.endpoint.LwM2mServerEndpoint;
import org.eclipse.leshan.server.model.LwM2mModelProvider;
import org.eclipse.leshan.server.model.StandardModelProvider;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.server.registration.RegistrationStore;
import org.eclipse.leshan.servers.security.Authorization;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that keep settings of their own. */
class PskServerTest {
  private static final CipherSuite RSA_SUITE = CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;

  private final InMemoryEngine credentials = new InMemoryEngine();
  private final BlockingQueue<RegistrationRefusal> refusals = new LinkedBlockingQueue<>();
  private final Devices devices = new Devices();
  private final RegistrationStore registrations = new InMemoryRegistrationStore();
  private LeshanServer server;

  @AfterEach
  void stop() {
    devices.close();
    if (server != null) {
      server.destroy();
    }
  }

  @Test
  void build_byLeshansBuilder_keepsItsSettingsAndAddsThePieces() throws Exception {
    LwM2mModelProvider models = new StandardModelProvider();
    LeshanSecurityStore infos = new LeshanSecurityStore(credentials);
    server =
        PskServer.builder(infos)
            .address(anyPort())
            .build(
                new LeshanServerBuilder()
                    .setObjectModelProvider(models)
                    .setRegistrationStore(registrations));

    assertThat(server.getModelProvider()).isSameAs(models);
    assertThat(server.getRegistrationStore()).isSameAs(registrations);
    assertThat(server.getSecurityStore()).isSameAs(infos);
  }

  @Test
  void server_withOtherEndpointsAndModes_registersAllAndEndsTheRevoked() throws Exception {
    LeshanSecurityStore infos = new LeshanSecurityStore(credentials);
    server =
        PskServer.builder(infos)
            .address(anyPort())
            .endpoints(
                endpoints ->
                    endpoints
                        .addEndpoint(anyPort(), Protocol.COAPS)
                        .addEndpoint(anyPort(), Protocol.COAP))
            .authorizer(CredentialAuthorizer.Builder::allowAnyoneWithoutSecurity)
            .build(
                new LeshanServerBuilder()
                    .setRegistrationStore(registrations)
                    .setPrivateKey(RunningServer.CERTIFICATE.key())
                    .setCertificateChain(
                        new X509Certificate[] {RunningServer.CERTIFICATE.certificate()}));
    server.start();
    KeyPair deviceKeys = keys();
    infos.add(TestInfos.psk("psk", "identity", 1));
    infos.add(SecurityInfo.newRawPublicKeyInfo("rpk", deviceKeys.getPublic()));

    List<String> coaps = uris(Protocol.COAPS);
    assertThat(coaps).hasSize(2);
    devices.start(PskInfos.credential(TestInfos.psk("psk", "identity", 1)), coaps.get(0));
    devices.startWithRawPublicKey("rpk", deviceKeys, coaps.get(1));
    devices.startWithoutSecurity("open", uris(Protocol.COAP).get(0));
    await().until(() -> isRegistered("psk") && isRegistered("rpk") && isRegistered("open"));

    credentials.revoke("psk", "stolen");
    await().until(() -> !isRegistered("psk"));
    assertThat(isRegistered("rpk")).isTrue();
  }

  @Test
  void authorizer_ofTheServerInFrontOfWhichOursIs_declinesAndIsReported() throws Exception {
    server =
        PskServer.builder(credentials)
            .address(anyPort())
            .onRegistrationRefusal(refusals::add)
            .authorizer(ours -> ours.inFrontOf((request, r, peer, uri) -> Authorization.declined()))
            .build();
    server.start();
    credentials.put(PskInfos.credential(TestInfos.psk("psk", "identity", 1)));
    devices.start(
        PskInfos.credential(TestInfos.psk("psk", "identity", 1)), uris(Protocol.COAPS).get(0));

    assertThat(next(refusals).reason()).isEqualTo("another authoriser of the server declined it");
    assertThat(isRegistered("psk")).isFalse();
  }

  @Test
  void destroy_server_leavesNoListenerBehind() {
    LeshanServer own = PskServer.builder(credentials).address(anyPort()).build();
    assertThat(credentials.listening).isNotEmpty();

    own.destroy();

    assertThat(credentials.listening).isEmpty();
  }

  @Test
  void build_endpointThatCannotBeMade_failsAndLeavesNoListenerBehind() throws Exception {
    KeyPair serverKeys = keys();
    LeshanServerBuilder leshan =
        new LeshanServerBuilder()
            .setPrivateKey(serverKeys.getPrivate())
            .setPublicKey(serverKeys.getPublic());
    PskServer.Builder builder =
        PskServer.builder(credentials)
            .address(anyPort())
            .dtls(dtls -> dtls.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, RSA_SUITE));

    assertThatThrownBy(() -> builder.build(leshan))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("coaps://", "cannot be made", RSA_SUITE.name());
    assertThat(credentials.listening).isEmpty();
  }

  private boolean isRegistered(String endpoint) {
    return server.getRegistrationService().getByEndpoint(endpoint) != null;
  }

  private List<String> uris(Protocol protocol) {
    return server.getEndpoints().stream()
        .filter(endpoint -> endpoint.getProtocol().equals(protocol))
        .map(LwM2mServerEndpoint::getURI)
        .map(Object::toString)
        .toList();
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
