package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;

/**
 * A Leshan server with one coaps endpoint for the devices of a credential store: the pieces of this
 * package put together. For other endpoints or modes, put {@link LeshanSecurityStore}, {@link
 * CredentialAuthorizer} and {@link PskCoapsServerProtocolProvider} into Leshan's own builders, and
 * attach a {@link RegistrationTerminator}.
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
    return new Builder(credentials);
  }

  /** Describes a server. */
  public static final class Builder {
    private final CredentialStore credentials;
    private InetSocketAddress address = new InetSocketAddress(5684);
    private Consumer<HandshakeRefusal> onHandshakeRefusal = refusal -> {};
    private Consumer<RegistrationRefusal> onRegistrationRefusal = refusal -> {};
    private Consumer<RetiredCredential> onRetired = retired -> {};
    private Consumer<RuntimeException> onConfirmFailure = failure -> {};
    private Consumer<RuntimeException> onSweepFailure = failure -> {};

    private Builder(CredentialStore credentials) {
      this.credentials = Objects.requireNonNull(credentials, "credentials");
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
     * @param report called on a DTLS thread, so it must return soon
     * @return this builder
     */
    public Builder onHandshakeRefusal(Consumer<HandshakeRefusal> report) {
      this.onHandshakeRefusal = Objects.requireNonNull(report, "report");
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
     * Builds the server. It listens to the credentials until it is destroyed.
     *
     * @return the server, still to be started
     */
    public LeshanServer build() {
      LeshanSecurityStore securityStore = new LeshanSecurityStore(credentials);
      LeshanServer server =
          new LeshanServerBuilder()
              .setSecurityStore(securityStore)
              .setAuthorizer(
                  CredentialAuthorizer.builder(securityStore)
                      .onRefusal(onRegistrationRefusal)
                      .onConfirmFailure(onConfirmFailure)
                      .build())
              .setEndpointsProviders(
                  new CaliforniumServerEndpointsProvider.Builder(
                          new PskCoapsServerProtocolProvider(credentials, onHandshakeRefusal))
                      .addEndpoint(address, Protocol.COAPS)
                      .build())
              .build();
      RegistrationTerminator.attach(server, credentials, onSweepFailure);
      CredentialStoreListener reporter = onRetired::accept;
      credentials.addListener(reporter);
      securityStore.onDestroy(() -> credentials.removeListener(reporter));
      return server;
    }
  }
}
