// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;

/**
 * A session of Scandium's. This class runs with releases before the one that it is compiled with,
 * too, whose stores for one key have other names.
 */
public final class ScandiumSession implements PeerSession {
  private static final String STORES = "org.eclipse.californium.scandium.dtls.pskstore.";

  private final InetSocketAddress server;
  private final DTLSConnector connector;
  private volatile CoapRequest request = CoapRequest.next();
  private volatile CompletableFuture<Boolean> answer = new CompletableFuture<>();

  private ScandiumSession(Hello hello) throws Exception {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), hello.port());
    connector = new DTLSConnector(config(hello));
    connector.setRawDataReceiver(this::receive);
    connector.start();
    send(); // it shakes hands when there is something to send
  }

  /** Begins one; called by reflection. */
  public static PeerSession begin(Hello hello) throws Exception {
    return new ScandiumSession(hello);
  }

  private static DtlsConnectorConfig config(Hello hello) throws Exception {
    DtlsConfig.register();
    Configuration configuration = new Configuration();
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite(hello.suite())));
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    setKey(builder, new PskPublicInformation(new String(hello.identity(), UTF_8)), hello.key());
    return builder.build();
  }

  private static void setKey(
      DtlsConnectorConfig.Builder builder, PskPublicInformation identity, byte[] key)
      throws ReflectiveOperationException {
    boolean isOlder = ScandiumSession.class.getClassLoader() != PeerSession.class.getClassLoader();
    String advanced = isOlder ? "Advanced" : "";
    Object store =
        Class.forName(STORES + advanced + "SinglePskStore")
            .getConstructor(PskPublicInformation.class, byte[].class)
            .newInstance(identity, key);
    builder
        .getClass()
        .getMethod("set" + advanced + "PskStore", Class.forName(STORES + advanced + "PskStore"))
        .invoke(builder, store);
  }

  static CipherSuite suite(PskSuite suite) {
    return switch (suite) {
      case CCM_8 -> CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
      case CBC -> CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256;
      case ECDHE -> CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256;
    };
  }

  private void receive(RawData data) {
    if (request.isAnswered(new String(data.getBytes(), ISO_8859_1))) {
      answer.complete(true);
    }
  }

  private void send() {
    connector.send(
        RawData.outbound(request.bytes(), new AddressEndpointContext(server), null, false));
  }

  @Override
  public boolean request() {
    answer = new CompletableFuture<>();
    request = CoapRequest.next();
    send();
    return answer.completeOnTimeout(false, 10, TimeUnit.SECONDS).join();
  }

  @Override
  public PeerSession resume() {
    connector.forceResumeAllSessions();
    return this;
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
