// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.scandium.ClusterNode;
import io.github.lwm2mcreds.scandium.ConnectionLimits;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskSessions;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.leshan.core.endpoint.DefaultEndPointUriHandler;
import org.eclipse.leshan.core.endpoint.EndPointUriHandler;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerEndpointFactoryBuilder;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/**
 * Leshan's coaps endpoints with {@link LwM2mDtls} settings. Handshakes look keys up in a credential
 * store and leave no copy of them behind, and sessions end with their credentials.
 *
 * <p>Pass it to a {@code CaliforniumServerEndpointsProvider.Builder}. The server also needs a
 * {@link LeshanSecurityStore} over the same credentials, which authorises registrations and ends
 * the sessions of other modes.
 *
 * <p>One port serves every mode: a server that has a private key offers the {@linkplain
 * LwM2mDtls#cipherSuites cipher suites} for raw public keys and certificates after those for PSK. A
 * list that is set in the configuration, other than {@link LwM2mDtls#CIPHER_SUITES}, is used as it
 * is.
 *
 * <p>Where Leshan logs a warning and goes on without its coaps endpoint, the server fails with an
 * {@link IllegalStateException} that says why: when it is built, if the endpoint's configuration is
 * inconsistent, and when it is started, if the address cannot be bound. {@code destroy()} then
 * frees what the server holds.
 */
public class PskCoapsServerProtocolProvider extends CoapsServerProtocolProvider {
  private final Settings settings;
  private final Function<EndPointUriHandler, CoapsServerEndpointFactoryBuilder> endpoints;

  /**
   * Makes a provider.
   *
   * @param credentials asked at each handshake, on a DTLS thread, so it must answer from memory or
   *     look the key up later
   */
  public PskCoapsServerProtocolProvider(CredentialStore credentials) {
    this(credentials, refusal -> {});
  }

  /**
   * Makes a provider that reports refused handshakes.
   *
   * @param credentials asked at each handshake, on a DTLS thread, so it must answer from memory or
   *     look the key up later
   * @param onRefusal called on DTLS threads and one other, so it must return soon
   */
  public PskCoapsServerProtocolProvider(
      CredentialStore credentials, Consumer<HandshakeRefusal> onRefusal) {
    this(credentials, onRefusal, builder -> {});
  }

  /**
   * Makes a provider that reports refused handshakes and sets up DTLS as the server wants.
   *
   * @param credentials asked at each handshake, on a DTLS thread, so it must answer from memory or
   *     look the key up later
   * @param onRefusal called on DTLS threads and one other, so it must return soon
   * @param dtls called for each endpoint that is made, before the server's keys are set. It may set
   *     a connection listener, which is called besides ours, but no PSK store
   */
  public PskCoapsServerProtocolProvider(
      CredentialStore credentials,
      Consumer<HandshakeRefusal> onRefusal,
      Consumer<DtlsConnectorConfig.Builder> dtls) {
    this(credentials, onRefusal, dtls, UnaryOperator.identity());
  }

  /**
   * Makes a provider with limits of one's own.
   *
   * @param credentials as above
   * @param onRefusal as above
   * @param dtls as above
   * @param limits called for each endpoint with those of its configuration; returns how many
   *     connections there may be
   */
  public PskCoapsServerProtocolProvider(
      CredentialStore credentials,
      Consumer<HandshakeRefusal> onRefusal,
      Consumer<DtlsConnectorConfig.Builder> dtls,
      UnaryOperator<ConnectionLimits> limits) {
    this(credentials, onRefusal, dtls, limits, UnaryOperator.identity());
  }

  /**
   * Makes a provider that adds to the sessions of its endpoints.
   *
   * @param credentials as above
   * @param onRefusal as above
   * @param dtls as above
   * @param limits as above
   * @param sessions called for each endpoint with its sessions; returns them, for example when it
   *     has told them in which file {@linkplain PskSessions#keptIn to keep} themselves. Each
   *     endpoint needs a file of its own
   */
  public PskCoapsServerProtocolProvider(
      CredentialStore credentials,
      Consumer<HandshakeRefusal> onRefusal,
      Consumer<DtlsConnectorConfig.Builder> dtls,
      UnaryOperator<ConnectionLimits> limits,
      UnaryOperator<PskSessions> sessions) {
    this(credentials, onRefusal, dtls, limits, sessions, Optional.empty());
  }

  private PskCoapsServerProtocolProvider(
      CredentialStore credentials,
      Consumer<HandshakeRefusal> onRefusal,
      Consumer<DtlsConnectorConfig.Builder> dtls,
      UnaryOperator<ConnectionLimits> limits,
      UnaryOperator<PskSessions> sessions,
      Optional<ClusterNode> node) {
    super(dtls);
    this.settings = new Settings(credentials, onRefusal, dtls, limits, sessions);
    this.endpoints =
        handler ->
            new PskCoapsEndpointFactory.Builder(handler, credentials, onRefusal, limits, sessions)
                .node(node);
  }

  /** What a provider was made with, to make another. */
  private record Settings(
      CredentialStore credentials,
      Consumer<HandshakeRefusal> onRefusal,
      Consumer<DtlsConnectorConfig.Builder> dtls,
      UnaryOperator<ConnectionLimits> limits,
      UnaryOperator<PskSessions> sessions) {}

  /**
   * Returns a provider whose endpoint is a node of a cluster: one of several servers behind one
   * address, see {@link io.github.lwm2mcreds.scandium.PskClusterConnector}.
   *
   * @param node its number, and where the others are; of one endpoint only
   * @return another provider with the same settings
   */
  public PskCoapsServerProtocolProvider inCluster(ClusterNode node) {
    return new PskCoapsServerProtocolProvider(
        settings.credentials,
        settings.onRefusal,
        settings.dtls,
        settings.limits,
        settings.sessions,
        Optional.of(node));
  }

  @Override
  public void applyDefaultValue(Configuration configuration) {
    super.applyDefaultValue(configuration);
    LwM2mDtls.configureServer(configuration);
  }

  /**
   * Starts describing an endpoint with a configuration of its own, such as a second one with other
   * settings. It goes to {@code CaliforniumServerEndpointsProvider.Builder.addEndpoint}.
   *
   * @return Leshan's builder, with the {@link LwM2mDtls} settings as the defaults of its
   *     configuration and this provider's DTLS set-up; its address is still to be set
   */
  public CoapsServerEndpointFactoryBuilder endpoint() {
    return endpoint(new DefaultEndPointUriHandler());
  }

  private CoapsServerEndpointFactoryBuilder endpoint(EndPointUriHandler uriHandler) {
    return endpoints.apply(uriHandler).setDtlsConnectorConfig(dtlsConnectorConfigInitializer);
  }

  @Override
  public CaliforniumServerEndpointFactory createDefaultEndpointFactory(
      EndpointUri uri, EndPointUriHandler uriHandler) {
    return endpoint(uriHandler).setURI(uri).build();
  }
}
