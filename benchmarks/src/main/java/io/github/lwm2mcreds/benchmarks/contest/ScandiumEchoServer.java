// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.scandium.ForwardSecrecy;
import io.github.lwm2mcreds.scandium.HandshakeRefusalListener;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/** A Scandium connector as this library, Leshan or Scandium itself sets it up. */
final class ScandiumEchoServer implements EchoServer {
  /** The system property that replaces the profile's number of receiving threads. */
  static final String RECEIVERS = "lwm2m-creds.benchmarks.receivers";

  /** The system property that replaces the profile's socket buffer, in bytes. */
  static final String RECEIVE_BUFFER = "lwm2m-creds.benchmarks.receiveBuffer";

  /**
   * The system property that replaces the number of connections there is room for; 0 for as many as
   * the profile or Leshan says.
   */
  static final String CONNECTIONS = "lwm2m-creds.benchmarks.connections";

  /** The system property that names the one curve that is taken, in place of the profile's. */
  static final String CURVE = "lwm2m-creds.benchmarks.curve";

  /** More than are made here; Scandium has room for 150,000 by default, then refuses new ones. */
  private static final int MANY = 1_000_000;

  private final DTLSConnector connector;
  private final LongAdder echoes = new LongAdder();

  ScandiumEchoServer(ServerSpec spec, FilledStore store) throws IOException {
    connector = connector(spec, store);
    connector.setRawDataReceiver(
        received -> {
          connector.send(
              RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false));
          echoes.increment();
        });
    connector.start();
  }

  private static DTLSConnector connector(ServerSpec spec, FilledStore store) {
    DtlsConnectorConfig.Builder builder = builder(spec, store.pskStore());
    int connections = Integer.getInteger(CONNECTIONS, MANY);
    if (connections > 0) {
      builder.set(DtlsConfig.DTLS_MAX_CONNECTIONS, connections);
    }
    builder.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, spec.helloVerify());
    if (!offeredByDefault(spec)) {
      builder.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
      builder.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, spec.suite());
    }
    Optional.ofNullable(System.getProperty(CURVE))
        .map(SupportedGroup::valueOf)
        .ifPresent(curve -> builder.setAsList(DtlsConfig.DTLS_CURVES, curve));
    if (spec.peer() != ServerSpec.Peer.LWM2M_CREDS) {
      return new DTLSConnector(builder.build());
    }
    PskLookup credentials = store.lookup().orElseGet(InMemoryCredentialStore::new);
    HandshakeRefusalListener listener =
        new HandshakeRefusalListener(credentials, refusal -> {}); // as in a PskServer
    DTLSConnector connector =
        new PskServerConnector(builder.setConnectionListener(listener).build(), credentials);
    connector.setAlertHandler(listener);
    return connector;
  }

  private static boolean isOurs(ServerSpec spec) {
    return spec.peer() == ServerSpec.Peer.LWM2M_CREDS || spec.peer() == ServerSpec.Peer.LWM2M_DTLS;
  }

  private static boolean offeredByDefault(ServerSpec spec) {
    return isOurs(spec)
        ? LwM2mDtls.CIPHER_SUITES.contains(spec.suite()) || isForwardSecret(spec)
        : spec.suite() == CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
  }

  private static boolean isForwardSecret(ServerSpec spec) {
    return ForwardSecrecy.REQUIRED.cipherSuites().contains(spec.suite());
  }

  private static DtlsConnectorConfig.Builder builder(ServerSpec spec, PskStore pskStore) {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (isOurs(spec)) {
      DtlsConnectorConfig.Builder builder =
          isForwardSecret(spec)
              ? LwM2mDtls.forwardSecret(anyPort, pskStore)
              : LwM2mDtls.server(anyPort, pskStore);
      Optional.ofNullable(Integer.getInteger(RECEIVERS))
          .ifPresent(count -> builder.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, count));
      Optional.ofNullable(Integer.getInteger(RECEIVE_BUFFER))
          .ifPresent(bytes -> builder.set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, bytes));
      return builder;
    }
    Configuration configuration =
        spec.peer() == ServerSpec.Peer.LESHAN
            ? new CaliforniumServerEndpointsProvider.Builder(new CoapsServerProtocolProvider())
                .createDefaultConfiguration()
            : new Configuration(DtlsConfig.DEFINITIONS);
    return DtlsConnectorConfig.builder(configuration).setAddress(anyPort).setPskStore(pskStore);
  }

  @Override
  public int port() {
    return connector.getAddress().getPort();
  }

  @Override
  public long echoes() {
    return echoes.sum();
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
