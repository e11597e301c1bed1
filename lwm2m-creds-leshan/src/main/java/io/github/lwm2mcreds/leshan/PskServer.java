// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.scandium.ClusterNode;
import io.github.lwm2mcreds.scandium.ConnectionLimits;
import io.github.lwm2mcreds.scandium.ForwardSecrecy;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.scandium.PskSessions;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.servers.DefaultServerEndpointNameProvider;
import org.eclipse.leshan.servers.ServerEndpointNameProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;

/**
 * A Leshan server for the devices of a credential store: the pieces of this package put together,
 * into {@linkplain Builder#build(LeshanServerBuilder) Leshan's own builder} where the server has
 * settings of its own.
 *
 * <p>What goes wrong is logged without a callback, see the <a
 * href="https://github.com/lwm2m-creds/lwm2m-creds/blob/main/lwm2m-creds-core/EVENTS.md">list of
 * events</a>.
 *
 * <pre>{@code
 * LeshanServer server =
 *     PskServer.builder(securityStore)
 *         .endpoints(endpoints -> endpoints.addEndpoint("coap://0.0.0.0:5683"))
 *         .authorizer(authorizer -> authorizer.allowAnyoneWithoutSecurity().inFrontOf(quota))
 *         .build(new LeshanServerBuilder().setObjectModelProvider(models));
 * }</pre>
 */
public final class PskServer {
  private PskServer() {}

  /**
   * Starts describing a server.
   *
   * @param credentials asked at each handshake, on a DTLS thread, so it must answer from memory or
   *     look the key up later
   * @return a builder of a server that listens on port 5684 of all interfaces
   */
  public static Builder builder(CredentialStore credentials) {
    Objects.requireNonNull(credentials, "credentials");
    return new Builder(credentials, Optional.empty());
  }

  /**
   * Starts describing a server that also knows devices with raw public keys and certificates.
   *
   * @param infos over the credentials; of this one server, with which it is destroyed
   * @return a builder of a server that listens on port 5684 of all interfaces
   */
  public static Builder builder(LeshanSecurityStore infos) {
    return new Builder(infos.credentials(), Optional.of(infos));
  }

  /** Describes a server. */
  public static final class Builder {
    private final CredentialStore credentials;
    private final Optional<LeshanSecurityStore> infos;
    private InetSocketAddress address = new InetSocketAddress(5684);
    private Consumer<HandshakeRefusal> onHandshakeRefusal = refusal -> {};
    private UnaryOperator<ConnectionLimits> limits = UnaryOperator.identity();
    private UnaryOperator<PskSessions> sessions = UnaryOperator.identity();
    private Optional<ClusterNode> node = Optional.empty();
    private Consumer<RegistrationRefusal> onRegistrationRefusal = refusal -> {};
    private Consumer<RetiredCredential> onRetired = retired -> {};
    private Consumer<RuntimeException> onConfirmFailure = failure -> {};
    private Consumer<RuntimeException> onSweepFailure = failure -> {};
    private Consumer<CaliforniumServerEndpointsProvider.Builder> endpoints = builder -> {};
    private Consumer<DtlsConnectorConfig.Builder> secrecy = builder -> {};
    private Consumer<DtlsConnectorConfig.Builder> dtls = builder -> {};
    private Consumer<CredentialAuthorizer.Builder> authorizer = builder -> {};
    private ServerEndpointNameProvider otherNames = new DefaultServerEndpointNameProvider();

    private Builder(CredentialStore credentials, Optional<LeshanSecurityStore> infos) {
      this.credentials = credentials;
      this.infos = infos;
    }

    /**
     * Sets where the server listens.
     *
     * @param coaps the address; port 0 picks a free one
     * @return this builder
     * @throws IllegalArgumentException if its host was not resolved
     */
    public Builder address(InetSocketAddress coaps) {
      if (coaps.isUnresolved()) {
        throw new IllegalArgumentException(
            "the host " + coaps.getHostString() + " cannot be resolved");
      }
      this.address = coaps;
      return this;
    }

    /**
     * Registers a callback for refused handshakes. The device is not told the reason.
     *
     * @param report called on DTLS threads and one other, so it must return soon
     * @return this builder
     */
    public Builder onHandshakeRefusal(Consumer<HandshakeRefusal> report) {
      this.onHandshakeRefusal = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Sets how many connections the coaps endpoint keeps.
     *
     * @param change called with the limits that follow from the configuration; returns those to
     *     use, such as {@code limits.withSessionsPerIdentity(2)} for devices that have two sessions
     * @return this builder
     */
    public Builder connectionLimits(UnaryOperator<ConnectionLimits> change) {
      this.limits = Objects.requireNonNull(change, "change");
      return this;
    }

    /**
     * Sets that handshakes with pre-shared keys are forward secret, so that a key which leaks later
     * does not open what was recorded before. Unless it is set, they are not, as LwM2M asks for
     * cipher suites without it. Devices with raw public keys and certificates are not affected.
     *
     * @param secrecy whether devices that have no such cipher suite are refused
     * @return this builder
     */
    public Builder forwardSecrecy(ForwardSecrecy secrecy) {
      Objects.requireNonNull(secrecy, "secrecy");
      this.secrecy =
          dtlsConfig -> secrecy.configure(dtlsConfig.getIncompleteConfig().getConfiguration());
      return this;
    }

    /**
     * Keeps the DTLS sessions of the coaps endpoint in a file while the server does not run, so
     * that devices go on without a handshake. A device whose registration is lost with the server,
     * as it is with Leshan's store in memory, registers again in its session.
     *
     * @param file of this server alone, which then has one coaps endpoint; for more of them see
     *     {@link PskCoapsServerProtocolProvider}
     * @return this builder
     */
    public Builder sessions(SessionFile file) {
      Objects.requireNonNull(file, "file");
      this.sessions = ofEndpoint -> ofEndpoint.keptIn(file);
      return this;
    }

    /**
     * Makes the server a node of a cluster: one of several behind one address, of which each can be
     * restarted without a handshake of any device if it also has a {@linkplain #sessions file} for
     * its sessions.
     *
     * <p>A device is served by the node that it made its handshake with, whichever it reaches. Its
     * registration is there, too, and is lost when that node is restarted, unless the registration
     * store outlives it: the device's next update is answered with 4.04, and it registers again in
     * its session.
     *
     * @param node the server's number, and where the others are; for one coaps endpoint. If there
     *     are more of them, see {@link PskCoapsServerProtocolProvider#inCluster}
     * @return this builder
     */
    public Builder cluster(ClusterNode node) {
      this.node = Optional.of(node);
      return this;
    }

    /**
     * Registers a callback for refused registrations.
     *
     * @param report called on a CoAP thread, so it must return soon
     * @return this builder
     */
    public Builder onRegistrationRefusal(Consumer<RegistrationRefusal> report) {
      this.onRegistrationRefusal = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Registers a callback for credentials that are replaced, removed or revoked. By then their
     * registrations have ended, and their sessions are ending.
     *
     * @param report called on the thread that makes the change, so it must return soon
     * @return this builder
     */
    public Builder onRetired(Consumer<RetiredCredential> report) {
      this.onRetired = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Registers a callback for rotations that could not be confirmed, for example because the
     * database is out of reach; see {@link CredentialAuthorizer}.
     *
     * @param report called on a thread of its own, with what the store threw
     * @return this builder
     */
    public Builder onConfirmFailure(Consumer<RuntimeException> report) {
      this.onConfirmFailure = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Registers a callback for comparisons of the registrations with the credentials that failed
     * and are repeated later; see {@link RegistrationTerminator}.
     *
     * @param report called on a thread of its own, with what a store threw
     * @return this builder
     */
    public Builder onSweepFailure(Consumer<RuntimeException> report) {
      this.onSweepFailure = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Adds endpoints to the one for coaps, such as plain coap or a second coaps, or sets the
     * configuration of them all.
     *
     * @param customizer called with a builder that knows the protocols coaps and coap, once the
     *     first endpoint is added
     * @return this builder
     */
    public Builder endpoints(Consumer<CaliforniumServerEndpointsProvider.Builder> customizer) {
      this.endpoints = Objects.requireNonNull(customizer, "customizer");
      return this;
    }

    /**
     * Sets up DTLS beyond the configuration, for example with a connection listener.
     *
     * @param customizer see {@link PskCoapsServerProtocolProvider}
     * @return this builder
     */
    public Builder dtls(Consumer<DtlsConnectorConfig.Builder> customizer) {
      this.dtls = Objects.requireNonNull(customizer, "customizer");
      return this;
    }

    /**
     * Puts an authoriser of the server in front of the {@link CredentialAuthorizer} or behind it,
     * or lets devices without security in.
     *
     * @param customizer called with the builder of the server's authoriser
     * @return this builder
     */
    public Builder authorizer(Consumer<CredentialAuthorizer.Builder> customizer) {
      this.authorizer = Objects.requireNonNull(customizer, "customizer");
      return this;
    }

    /**
     * Sets how to name devices that register without a name, in modes other than PSK. Those with
     * PSK have the name of their credential; see {@link CredentialEndpointNames}.
     *
     * @param others Leshan's own unless it is set
     * @return this builder
     */
    public Builder endpointNames(ServerEndpointNameProvider others) {
      this.otherNames = Objects.requireNonNull(others, "others");
      return this;
    }

    /**
     * Builds the server. It listens to the credentials until it is destroyed.
     *
     * @return the server, still to be started
     */
    public LeshanServer build() {
      return build(new LeshanServerBuilder());
    }

    /**
     * Builds the server by Leshan's own builder, which keeps all its settings but security store,
     * authoriser, endpoints and endpoint names: these are set here. The server listens to the
     * credentials until it is destroyed.
     *
     * @param leshan with the server's object models, registration store, keys and certificates and
     *     whatever else it needs; may be of a class derived from Leshan's
     * @return the server, still to be started
     * @throws IllegalStateException if an endpoint cannot be made, with the reason
     */
    public LeshanServer build(LeshanServerBuilder leshan) {
      if (infos.isPresent()) {
        return build(leshan, infos.get());
      }
      LeshanSecurityStore securityStore = new LeshanSecurityStore(credentials);
      try {
        return build(leshan, securityStore);
      } catch (RuntimeException e) {
        securityStore.destroy();
        throw e;
      }
    }

    private LeshanServer build(LeshanServerBuilder leshan, LeshanSecurityStore securityStore) {
      leshan.setEndpointNameProvider(new CredentialEndpointNames(credentials, otherNames));
      LeshanServer server =
          leshan
              .setSecurityStore(securityStore)
              .setAuthorizer(authorizer(securityStore))
              .setEndpointsProviders(endpoints())
              .build();
      RegistrationTerminator.attach(server, credentials, onSweepFailure);
      CredentialStoreListener reporter = onRetired::accept;
      credentials.addListener(reporter);
      securityStore.onDestroy(() -> credentials.removeListener(reporter));
      return server;
    }

    private CredentialAuthorizer authorizer(LeshanSecurityStore securityStore) {
      CredentialAuthorizer.Builder builder =
          CredentialAuthorizer.builder(securityStore)
              .onRefusal(onRegistrationRefusal)
              .onConfirmFailure(onConfirmFailure);
      authorizer.accept(builder);
      return builder.build();
    }

    private CaliforniumServerEndpointsProvider endpoints() {
      PskCoapsServerProtocolProvider coaps =
          new PskCoapsServerProtocolProvider(
              credentials, onHandshakeRefusal, secrecy.andThen(dtls), limits, sessions);
      CaliforniumServerEndpointsProvider.Builder builder =
          new CredentialEndpointsBuilder(
                  onRegistrationRefusal,
                  node.map(coaps::inCluster).orElse(coaps),
                  new CoapServerProtocolProvider())
              .addEndpoint(address, Protocol.COAPS);
      endpoints.accept(builder);
      return builder.build();
    }
  }
}
