package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.scandium.HandshakeRefusalListener;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.leshan.core.endpoint.EndPointUriHandler;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.RegistrationStore;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.SecurityStore;
import org.eclipse.leshan.servers.security.ServerSecurityInfo;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/**
 * Leshan's coaps endpoints with {@link LwM2mDtls} settings. Handshakes look keys up in a credential
 * store and leave no copy of them behind, and sessions end with their credentials.
 *
 * <p>Pass it to a {@code CaliforniumServerEndpointsProvider.Builder}. The server also needs a
 * {@link LeshanSecurityStore} over the same credentials, which authorises registrations and ends
 * the sessions of other modes. The cipher suites are those for PSK; a server that also accepts raw
 * public keys or certificates sets its own list in the endpoint's configuration.
 */
public final class PskCoapsServerProtocolProvider extends CoapsServerProtocolProvider {
  private final CredentialStore credentials;
  private final Consumer<HandshakeRefusal> onRefusal;

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
   * @param onRefusal called on a DTLS thread, so it must return soon
   */
  public PskCoapsServerProtocolProvider(
      CredentialStore credentials, Consumer<HandshakeRefusal> onRefusal) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.onRefusal = Objects.requireNonNull(onRefusal, "onRefusal");
  }

  @Override
  public void applyDefaultValue(Configuration configuration) {
    super.applyDefaultValue(configuration);
    LwM2mDtls.configureServer(configuration);
  }

  @Override
  public CaliforniumServerEndpointFactory createDefaultEndpointFactory(
      EndpointUri uri, EndPointUriHandler uriHandler) {
    return new Factory(uri, uriHandler, credentials, onRefusal);
  }

  private static final class Factory extends CoapsServerEndpointFactory {
    private final CredentialStore credentials;
    private final HandshakeRefusalListener refusals;

    Factory(
        EndpointUri uri,
        EndPointUriHandler uriHandler,
        CredentialStore credentials,
        Consumer<HandshakeRefusal> onRefusal) {
      super(uri, null, null, null, null, uriHandler);
      this.credentials = credentials;
      this.refusals = new HandshakeRefusalListener(credentials, onRefusal);
    }

    @Override
    protected Connector createConnector(DtlsConnectorConfig dtlsConfig) {
      DTLSConnector connector = new PskServerConnector(dtlsConfig, credentials);
      connector.setAlertHandler(refusals);
      return connector;
    }

    @Override
    protected void setUpDtlsConfig(
        DtlsConnectorConfig.Builder builder,
        InetSocketAddress address,
        ServerSecurityInfo serverSecurityInfo,
        LeshanServer server) {
      super.setUpDtlsConfig(builder, address, serverSecurityInfo, server);
      RegistrationStore registrations = server.getRegistrationStore();
      builder.setPskStore(
          new ScandiumPskStore(credentials, peer -> identityAt(peer, registrations)));
      builder.setConnectionListener(refusals);
    }

    /** As Leshan does it, but without the infos of pre-shared keys: the connector sees to those. */
    @Override
    protected void createConnectionCleaner(SecurityStore securityStore, CoapEndpoint endpoint) {
      OtherSessions sessions = new OtherSessions((DTLSConnector) endpoint.getConnector());
      if (securityStore instanceof EditableSecurityStore editable) {
        editable.addListener(
            (infosAreCompromised, infos) -> {
              if (infosAreCompromised) {
                sessions.end(infos);
              }
            });
      }
    }

    private Optional<PskIdentity> identityAt(
        InetSocketAddress peer, RegistrationStore registrations) {
      return Optional.ofNullable(registrations.getRegistrationByAdress(peer))
          .flatMap(registration -> credentials.findPskIdentity(registration.getEndpoint()));
    }
  }
}
