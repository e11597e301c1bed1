// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.eclipse.californium.scandium.MdcConnectionListener;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coaps endpoints with settings of the embedder, and those that cannot be made. */
class CoapsEndpointTest {
  private final CredentialStore store = new InMemoryCredentialStore();
  private final LeshanSecurityStore infos = new LeshanSecurityStore(store);
  private final LeshanServerBuilder builder = new LeshanServerBuilder().setSecurityStore(infos);
  private LeshanServer server;

  @AfterEach
  void destroy() {
    if (server != null) {
      server.destroy();
    }
  }

  @Test
  void build_suitesThatNeedAKeyTheServerHasNot_failsAndSaysWhy() {
    builder.setEndpointsProviders(endpoints(dtls -> offer(dtls, Devices.ECDSA_SUITE)).build());

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("coaps://", "cannot be made", Devices.ECDSA_SUITE.name());
  }

  @Test
  void build_keyForWhichNoSuiteIsOffered_failsAndSaysWhy() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    builder.setPrivateKey(keys.getPrivate()).setPublicKey(keys.getPublic());
    builder.setEndpointsProviders(
        endpoints(dtls -> offer(dtls, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)).build());

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("cannot be made", "certificate");
  }

  @Test
  void build_withoutSecurityStore_failsAndSaysWhy() {
    builder.setSecurityStore(null);
    builder.setEndpointsProviders(endpoints(dtls -> {}).build());

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no security store");
  }

  @Test
  void build_withAPskStoreOfItsOwn_failsAndSaysWhy() {
    builder.setEndpointsProviders(
        endpoints(dtls -> dtls.setPskStore(new ScandiumPskStore(store))).build());

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pre-shared keys come from the credential store");
  }

  @Test
  void start_portInUseBesidePlainCoap_failsAndSaysWhy() throws Exception {
    try (DatagramSocket other = new DatagramSocket(anyPort())) {
      InetSocketAddress taken = (InetSocketAddress) other.getLocalSocketAddress();
      server =
          builder
              .setEndpointsProviders(
                  new CaliforniumServerEndpointsProvider.Builder(
                          new PskCoapsServerProtocolProvider(store),
                          new CoapServerProtocolProvider())
                      .addEndpoint(anyPort(), Protocol.COAP)
                      .addEndpoint(taken, Protocol.COAPS)
                      .build())
              .build();

      assertThatThrownBy(server::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(":" + taken.getPort(), "cannot be started");
    }
  }

  @Test
  void connectionListener_ofTheEmbedder_isCalledBesideTheRefusals() {
    Set<String> heard = ConcurrentHashMap.newKeySet();
    MdcConnectionListener listener =
        new MdcConnectionListener() {
          @Override
          public void onConnectionEstablished(Connection connection) {
            heard.add(connection.getEstablishedPeerIdentity().getName());
          }

          @Override
          public boolean onConnectionMacError(Connection connection) {
            heard.add("MAC error");
            return false;
          }
        };
    server =
        builder
            .setAuthorizer(CredentialAuthorizer.builder(infos).build())
            .setEndpointsProviders(
                endpoints(dtls -> dtls.setConnectionListener(listener), heard).build())
            .build();
    server.start();
    store.put(PskInfos.credential(TestInfos.psk("device", "identity", 1)));
    try (Devices devices = new Devices()) {
      String uri = server.getEndpoint(Protocol.COAPS).getURI().toString();
      devices.start(PskInfos.credential(TestInfos.psk("device", "identity", 1)), uri);
      devices.start(PskInfos.credential(TestInfos.psk("other", "stranger", 2)), uri);

      await().until(() -> heard.containsAll(Set.of("identity", "MAC error", "refused stranger")));
    }
  }

  @Test
  void endpoints_eachWithAConfigurationOfItsOwn_keepTheProfile() {
    List<DtlsConnectorConfig> configs = new ArrayList<>();
    PskCoapsServerProtocolProvider provider =
        new PskCoapsServerProtocolProvider(
            store, refusal -> {}, dtls -> configs.add(dtls.getIncompleteConfig()));
    server =
        builder
            .setEndpointsProviders(
                new CaliforniumServerEndpointsProvider.Builder(provider)
                    .addEndpoint(anyPort(), Protocol.COAPS)
                    .addEndpoint(
                        provider
                            .endpoint()
                            .setURI(anyPort())
                            .setConfiguration(own -> own.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 7))
                            .build())
                    .build())
            .build();

    assertThat(server.getEndpoints()).hasSize(2);
    assertThat(configs.get(0).get(DtlsConfig.DTLS_MAX_CONNECTIONS)).isGreaterThan(7);
    assertThat(configs.get(1).get(DtlsConfig.DTLS_MAX_CONNECTIONS)).isEqualTo(7);
    assertThat(configs)
        .extracting(DtlsConnectorConfig::getSupportedCipherSuites)
        .containsOnly(LwM2mDtls.CIPHER_SUITES);
  }

  private static void offer(DtlsConnectorConfig.Builder dtls, CipherSuite suite) {
    dtls.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, suite);
  }

  private CaliforniumServerEndpointsProvider.Builder endpoints(
      Consumer<DtlsConnectorConfig.Builder> dtls) {
    return endpoints(dtls, ConcurrentHashMap.newKeySet());
  }

  private CaliforniumServerEndpointsProvider.Builder endpoints(
      Consumer<DtlsConnectorConfig.Builder> dtls, Set<String> refused) {
    return new CaliforniumServerEndpointsProvider.Builder(
            new PskCoapsServerProtocolProvider(
                store, refusal -> refused.add("refused " + refusal.pskIdentity()), dtls))
        .addEndpoint(anyPort(), Protocol.COAPS);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
