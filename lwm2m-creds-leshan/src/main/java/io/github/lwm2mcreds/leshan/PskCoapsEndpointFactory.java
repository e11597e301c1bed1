// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.ClusterNode;
import io.github.lwm2mcreds.scandium.ConnectionLimits;
import io.github.lwm2mcreds.scandium.ForwardSecrecy;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskClusterConnector;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.PskSessions;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.leshan.core.endpoint.EndPointUriHandler;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.endpoint.EffectiveEndpointUriProvider;
import org.eclipse.leshan.server.observation.LwM2mNotificationReceiver;
import org.eclipse.leshan.server.registration.RegistrationStore;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.SecurityStore;
import org.eclipse.leshan.servers.security.ServerSecurityInfo;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerEndpointFactoryBuilder;

/**
 * Makes the endpoints of {@link PskCoapsServerProtocolProvider}. One that cannot be made or started
 * is an {@link IllegalStateException}: Leshan would log it and run without the endpoint.
 */
final class PskCoapsEndpointFactory extends CoapsServerEndpointFactory {
  private final CredentialStore credentials;
  private final Consumer<HandshakeRefusal> onRefusal;
  private final UnaryOperator<ConnectionLimits> limits;
  private final UnaryOperator<PskSessions> sessions;
  private final Optional<ClusterNode> node;

  private PskCoapsEndpointFactory(
      EndpointUri uri,
      String loggingTagPrefix,
      Configuration configuration,
      Consumer<DtlsConnectorConfig.Builder> dtls,
      Consumer<CoapEndpoint.Builder> coap,
      Builder description) {
    super(uri, loggingTagPrefix, configuration, dtls, coap, description.uriHandler());
    this.credentials = description.credentials;
    this.onRefusal = description.onRefusal;
    this.limits = description.limits;
    this.sessions = description.sessions;
    this.node = description.node;
  }

  @Override
  public CoapEndpoint createCoapEndpoint(
      Configuration defaultConfiguration,
      ServerSecurityInfo serverSecurityInfo,
      LwM2mNotificationReceiver notificationReceiver,
      LeshanServer server,
      EffectiveEndpointUriProvider endpointUriProvider) {
    try {
      if (server.getSecurityStore() == null) {
        throw new IllegalStateException("the server has no security store");
      }
      return super.createCoapEndpoint(
          defaultConfiguration,
          serverSecurityInfo,
          notificationReceiver,
          server,
          endpointUriProvider);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "the endpoint " + getUri() + " cannot be made: " + e.getMessage(), e);
    }
  }

  /** Throws what is wrong with the configuration; the caller would only log what its build says. */
  @Override
  protected void setUpDtlsConfig(
      DtlsConnectorConfig.Builder builder,
      InetSocketAddress address,
      ServerSecurityInfo serverSecurityInfo,
      LeshanServer server) {
    DtlsConnectorConfig config = builder.getIncompleteConfig();
    if (config.getPskStore() != null) {
      throw new IllegalStateException(
          "a PSK store is set, but pre-shared keys come from the credential store");
    }
    super.setUpDtlsConfig(builder, address, serverSecurityInfo, server);
    offerSuitesFor(config.getCertificateIdentityProvider(), builder);
    if (config.getPskStore() != null) { // it is Leshan's, for PSK is offered
      RegistrationStore registrations = server.getRegistrationStore();
      builder.setPskStore(
          new ScandiumPskStore(credentials, peer -> identityAt(peer, registrations)));
    }
    node.ifPresent(ofCluster -> addTo(builder, ofCluster));
    builder.build();
  }

  private static void addTo(DtlsConnectorConfig.Builder builder, ClusterNode node) {
    try {
      node.addTo(builder);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** A list that somebody has set is left as it is. */
  private static void offerSuitesFor(CertificateProvider key, DtlsConnectorConfig.Builder builder) {
    List<CipherSuite> suites = builder.getIncompleteConfig().get(DtlsConfig.DTLS_CIPHER_SUITES);
    boolean isForwardSecret =
        Arrays.stream(ForwardSecrecy.values()).anyMatch(s -> s.cipherSuites().equals(suites));
    if (key != null && (isForwardSecret || LwM2mDtls.CIPHER_SUITES.equals(suites))) {
      Set<CipherSuite> all = new LinkedHashSet<>(suites);
      LwM2mDtls.cipherSuites(key).stream()
          .filter(suite -> !LwM2mDtls.CIPHER_SUITES.contains(suite))
          .forEach(all::add);
      builder.set(DtlsConfig.DTLS_CIPHER_SUITES, List.copyOf(all));
      List<?> curves = builder.getIncompleteConfig().get(DtlsConfig.DTLS_CURVES);
      if (isForwardSecret && ForwardSecrecy.groups().equals(curves)) {
        builder.set(DtlsConfig.DTLS_CURVES, null); // those that the key needs, too
      }
    }
  }

  @Override
  protected Connector createConnector(DtlsConnectorConfig dtlsConfig) {
    PskSessions ofEndpoint =
        sessions.apply(
            PskSessions.of(
                dtlsConfig, credentials, onRefusal, limits.apply(ConnectionLimits.of(dtlsConfig))));
    return node.isPresent() ? new StartingNode(ofEndpoint, node.get()) : new Starting(ofEndpoint);
  }

  /** Whose start fails in a way that Californium's server does not merely log. */
  private final class Starting extends PskServerConnector {
    Starting(PskSessions sessions) {
      super(sessions);
    }

    @Override
    protected void start(InetSocketAddress bindAddress) {
      try {
        super.start(bindAddress);
      } catch (IOException e) {
        throw notStarted(e);
      }
    }
  }

  /** The same for a node of a cluster, which has two addresses to listen on. */
  private final class StartingNode extends PskClusterConnector {
    StartingNode(PskSessions sessions, ClusterNode node) {
      super(sessions, node);
    }

    @Override
    protected void start(InetSocketAddress bindAddress) {
      try {
        super.start(bindAddress);
      } catch (IOException e) {
        throw notStarted(e);
      }
    }
  }

  private IllegalStateException notStarted(IOException e) {
    return new IllegalStateException(
        "the endpoint " + getUri() + " cannot be started: " + e.getMessage(), e);
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

  /** Leshan's description of an endpoint, with the settings of {@link LwM2mDtls}. */
  static final class Builder extends CoapsServerEndpointFactoryBuilder {
    private final CredentialStore credentials;
    private final Consumer<HandshakeRefusal> onRefusal;
    private final UnaryOperator<ConnectionLimits> limits;
    private final UnaryOperator<PskSessions> sessions;
    private Optional<ClusterNode> node = Optional.empty();

    Builder(
        EndPointUriHandler uriHandler,
        CredentialStore credentials,
        Consumer<HandshakeRefusal> onRefusal,
        UnaryOperator<ConnectionLimits> limits,
        UnaryOperator<PskSessions> sessions) {
      super(uriHandler);
      this.credentials = Objects.requireNonNull(credentials, "credentials");
      this.onRefusal = Objects.requireNonNull(onRefusal, "onRefusal");
      this.limits = Objects.requireNonNull(limits, "limits");
      this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    Builder node(Optional<ClusterNode> ofCluster) {
      this.node = ofCluster;
      return this;
    }

    @Override
    public void applyDefaultValue(Configuration configuration) {
      super.applyDefaultValue(configuration);
      LwM2mDtls.configureServer(configuration);
    }

    private EndPointUriHandler uriHandler() {
      return getUriHandler();
    }

    @Override
    public CoapsServerEndpointFactory build() {
      return new PskCoapsEndpointFactory(
          uri,
          loggingTagPrefix,
          configuration,
          dtlsConnectorConfigInitializer,
          coapEndpointConfigInitializer,
          this);
    }
  }
}
