// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Takes credentials into a store over HTTPS, on the paths and in the JSON of Leshan's security API,
 * {@code /api/security/clients}: {@code PUT} stores one, {@code DELETE} of its name removes it, or
 * with {@code ?revoke=REASON} revokes it, and {@code GET} lists all of them without their keys.
 *
 * <p>Callers prove who they are by a bearer token or a client certificate; {@link AccessList} says
 * what each may do. The store's audit trail names the caller of each change. What is refused is
 * logged as {@code provisioning-refused}, see EVENTS.md. Requests are bounded in size, number and
 * time, for each caller and each address.
 */
public final class ProvisioningServer implements AutoCloseable {
  private final HttpsServer https;
  private final URI uri;

  private ProvisioningServer(HttpsServer https, URI uri) {
    this.https = https;
    this.uri = uri;
  }

  /**
   * Starts describing a server.
   *
   * @param store where credentials go; stays the caller's, and is not closed with the server. With
   *     a {@code MirroredCredentialStore}, the devices of its server are served at once
   * @param accessFile who may call, see {@link AccessList}; read again when it changes
   * @return a builder
   */
  public static Builder builder(ManagedCredentialStore store, Path accessFile) {
    return new Builder(store, accessFile);
  }

  /**
   * Returns where the server listens.
   *
   * @return such as {@code https://127.0.0.1:8443}, which clients append the API's path to
   */
  public URI uri() {
    return uri;
  }

  ConnectionGuard connections() {
    return https.connections();
  }

  /** Stops the server; calls that are under way are cut off. */
  @Override
  public void close() {
    https.close();
  }

  @Override
  public String toString() {
    return "ProvisioningServer[" + uri + "]";
  }

  /** Describes a server. */
  public static final class Builder {
    private static final int PORT = 8443;

    private final ManagedCredentialStore store;
    private final Path accessFile;
    private InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT);
    private PrivateKey key;
    private List<X509Certificate> chain = List.of();
    private List<X509Certificate> authorities = List.of();
    private Limits limits = Limits.DEFAULT;

    private Builder(ManagedCredentialStore store, Path accessFile) {
      this.store = Objects.requireNonNull(store, "store");
      this.accessFile = Objects.requireNonNull(accessFile, "accessFile");
    }

    /**
     * Sets where to listen.
     *
     * @param newAddress port 8443 of the loopback interface by default; port 0 picks a free one
     * @return this builder
     */
    public Builder address(InetSocketAddress newAddress) {
      this.address = Objects.requireNonNull(newAddress, "newAddress");
      return this;
    }

    /**
     * Sets the server's own certificate, without which it cannot start.
     *
     * @param newKey the private key, EC or RSA
     * @param newChain its certificate, and those between it and an authority that clients trust
     * @return this builder
     * @throws IllegalArgumentException if there is no certificate
     */
    public Builder certificate(PrivateKey newKey, List<X509Certificate> newChain) {
      if (newChain.isEmpty()) {
        throw new IllegalArgumentException("a server needs a certificate; the chain is empty");
      }
      this.key = Objects.requireNonNull(newKey, "newKey");
      this.chain = List.copyOf(newChain);
      return this;
    }

    /**
     * Accepts client certificates. Whoever has one of these authorities' still needs an entry in
     * the access file with its subject.
     *
     * @param newAuthorities who issues them; none by default, and then no client is asked for one
     * @return this builder
     */
    public Builder clientAuthorities(Collection<X509Certificate> newAuthorities) {
      this.authorities = List.copyOf(newAuthorities);
      return this;
    }

    /**
     * Sets how many requests each caller may send a second; twice as many may come at once.
     *
     * @param number 1 to 100 000; 100 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder requestsPerSecond(int number) {
      if (number < 1 || number > 100_000) {
        throw new IllegalArgumentException(
            "a caller may send 1 to 100000 requests a second, not " + number);
      }
      this.limits = limits.withRequestsPerSecond(number);
      return this;
    }

    Builder limits(Limits newLimits) {
      this.limits = newLimits;
      return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, which the caller closes
     * @throws IOException if it cannot listen there, or the access file cannot be read
     * @throws IllegalArgumentException if the access file is not right, or the certificate does not
     *     belong to its key
     * @throws IllegalStateException if no certificate was set, if Jetty is missing, or if it logs
     *     at DEBUG, where it shows parts of keys
     */
    public ProvisioningServer start() throws IOException {
      if (key == null) {
        throw new IllegalStateException("a server needs a certificate; none was set");
      }
      AccessFile access = new AccessFile(accessFile);
      access.current(); // what is wrong with it is told now
      HttpsServer https = listen(new Authentication(access));
      String host = address.getHostString();
      String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return new ProvisioningServer(https, URI.create("https://" + name + ":" + https.port()));
    }

    private HttpsServer listen(Authentication authentication) throws IOException {
      try {
        JettyLoggers.requireQuiet();
        HttpsServer https =
            new HttpsServer(
                address,
                ServerTls.of(key, chain, authorities),
                new CredentialCalls(store),
                authentication,
                limits);
        https.start();
        return https;
      } catch (NoClassDefFoundError e) {
        throw new IllegalStateException(
            "a provisioning server needs Jetty: add org.eclipse.jetty:jetty-server", e);
      }
    }
  }
}
