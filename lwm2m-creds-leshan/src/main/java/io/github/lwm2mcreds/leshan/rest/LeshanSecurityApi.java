// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The security API of a running Leshan server, {@code /api/security}: what the server's web page
 * uses to give devices their credentials.
 *
 * <p>Leshan 2.0.0-M8 changed the JSON form of a credential. A client finds out with its first
 * {@link #put} which form its server takes, and remembers it. It never follows redirects, never
 * logs, and may be used by many threads.
 *
 * <p>Leshan's own has no authentication and lists keys in clear: make it reachable over TLS only,
 * behind something that authenticates callers, or run a {@code ProvisioningServer} instead, which
 * gives check values in the place of keys. Keys travel as bytes that are wiped after use; the
 * copies that the JDK's HTTP client and TLS make cannot be wiped.
 */
public final class LeshanSecurityApi {
  private final ServerUri server;
  private final Transport transport;
  private final ClientList list;
  private final Upload upload;

  private LeshanSecurityApi(ServerUri server, Transport transport, boolean unremovableAllowed) {
    this.server = server;
    this.transport = transport;
    this.list = new ClientList(server.clients(), transport);
    this.upload = new Upload(server.clients(), transport, list, unremovableAllowed);
  }

  /**
   * Starts describing a client.
   *
   * @param server the server's address, like {@code https://host:8443}; {@code /api/security} is
   *     appended to its path unless it is there
   * @return a builder
   * @throws IllegalArgumentException if it is not an http or https URI with a host, or has user
   *     info, a query or a fragment
   */
  public static Builder builder(URI server) {
    return new Builder(ServerUri.of(server));
  }

  /**
   * Stores an endpoint's credential on the server and replaces whatever it may have there, in any
   * mode; {@link #compare} tells beforehand. With Leshan's own stores, sessions made with a
   * replaced key stay open.
   *
   * @param credential what to send; still the caller's afterwards
   * @throws SecurityApiException if the server did not store it; with {@link
   *     SecurityApiException.Reason#IDENTITY_IN_USE} if the PSK identity belongs to another
   *     endpoint, which the server's list tells; {@link SecurityApiException.Reason#UNSENDABLE} if
   *     it is not UTF-8; and {@link SecurityApiException.Reason#UNREMOVABLE} if {@link #remove}
   *     could not take the endpoint away again
   * @throws IllegalStateException if the credential was destroyed
   */
  public void put(DeviceCredential credential) throws SecurityApiException {
    upload.put(credential);
  }

  /**
   * Removes an endpoint's credential from the server, which ends the sessions made with it.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return whether there was one
   * @throws SecurityApiException if the server could not do it; with {@link
   *     SecurityApiException.Reason#UNSENDABLE} if the endpoint cannot be sent safely in a path,
   *     because it is empty or has empty or dot segments, and {@link
   *     SecurityApiException.Reason#REJECTED} if it holds {@code %} or {@code \} and the server is
   *     a newer one
   */
  public boolean remove(String endpoint) throws SecurityApiException {
    Answer answer =
        transport.send(HttpRequest.newBuilder(server.client(endpoint)).DELETE(), Answer::read);
    if (answer.isDone()) {
      return true;
    }
    if (answer.saysNotFound()) {
      return false;
    }
    throw EndpointPath.isRefusedByNewer(endpoint) && answer.status() == 400
        ? answer.failure(EndpointPath.REFUSED_BY_NEWER + "; take it out of the server's own store")
        : answer.failure();
  }

  /**
   * Lists what the server holds, keys included.
   *
   * @return an entry for each endpoint in no particular order; owned by the caller, who should
   *     destroy them after use
   * @throws SecurityApiException if the server could not be asked, or its answer is not such a list
   */
  public List<SecurityEntry> list() throws SecurityApiException {
    return list.all();
  }

  /**
   * Compares credentials with what the server holds, and so tells what {@link #put} would add and
   * what it would replace. Nothing is changed, and none of the server's keys is kept. Whoever else
   * uses the server may change it between this and {@code put}.
   *
   * @param credentials one for each endpoint and PSK identity; still the caller's afterwards
   * @return a comparison for each credential, in their order; all of them {@link
   *     EntryComparison.Outcome#NOT_SHOWN} if the server lets this client add credentials only
   * @throws SecurityApiException if the server could not be asked, or its answer is not a list;
   *     with {@link SecurityApiException.Reason#UNSENDABLE} or {@link
   *     SecurityApiException.Reason#UNREMOVABLE} if {@code put} would refuse to send one
   * @throws IllegalArgumentException if two credentials have the same endpoint or PSK identity
   */
  public List<EntryComparison> compare(Collection<DeviceCredential> credentials)
      throws SecurityApiException {
    for (DeviceCredential credential : credentials) {
      upload.requireSendable(credential.endpoint(), credential.pskIdentity());
    }
    Comparing comparing = new Comparing(credentials);
    try {
      list.forEach(comparing::with);
      return comparing.results();
    } catch (SecurityApiException e) {
      if (e.reason() != SecurityApiException.Reason.ADD_ONLY) {
        throw e;
      }
      return comparing.notShown();
    }
  }

  /** Passes on what the server holds, an entry at a time; what takes an entry owns it. */
  void forEach(Consumer<SecurityEntry> entries) throws SecurityApiException {
    list.forEach(entries);
  }

  /** Replaces what an endpoint has on the server, even one that can never be removed. */
  void overwrite(DeviceCredential credential) throws SecurityApiException {
    upload.send(credential);
  }

  /** Refuses what {@link #put} would refuse to send. */
  void requireSendable(String endpoint, PskIdentity pskIdentity) throws SecurityApiException {
    upload.requireSendable(endpoint, pskIdentity);
  }

  @Override
  public String toString() {
    return "LeshanSecurityApi[" + server + "]";
  }

  /** Describes a client. */
  public static final class Builder {
    private final ServerUri server;
    private final TransportSettings settings = new TransportSettings();
    private boolean plainHttpAllowed;
    private boolean unremovableAllowed;

    private Builder(ServerUri server) {
      this.server = server;
    }

    /**
     * Trusts the certificates in a file instead of those that the Java runtime trusts; see {@link
     * #trust(X509Certificate)}.
     *
     * @param certificates a file with one or more certificates in PEM, or one in DER
     * @return this builder
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it holds something else
     */
    public Builder trust(Path certificates) throws IOException {
      settings.trust(certificates);
      return this;
    }

    /**
     * Trusts a certificate, and others given, instead of those that the Java runtime trusts.
     *
     * <p>If its basic constraints make it a CA's, a server is trusted that presents a certificate
     * it issued for the host name or address in the URI. A server that presents the given
     * certificate itself, for example a self-signed one, is trusted while it is valid; the name in
     * it does not matter.
     *
     * @param certificate of a CA, or of the server itself
     * @return this builder
     */
    public Builder trust(X509Certificate certificate) {
      settings.trust(certificate);
      return this;
    }

    /**
     * Trusts a server that presents a certificate with this fingerprint, besides those given by
     * {@link #trust(X509Certificate)} and instead of those that the Java runtime trusts. The name
     * in the certificate does not matter; it has to be valid today.
     *
     * @param sha256 the SHA-256 of the certificate in hex, with or without colons and {@code
     *     sha256:} before it, as a provisioning server prints it
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public Builder pin(String sha256) {
      settings.pin(sha256);
      return this;
    }

    /**
     * Proves to the server who calls, by a client certificate.
     *
     * @param key the private key
     * @param chain its certificate, and those between it and an authority that the server trusts
     * @return this builder
     * @throws IllegalArgumentException if they cannot be used together, or there is no certificate
     */
    public Builder clientKey(PrivateKey key, List<X509Certificate> chain) {
      settings.clientKey(key, chain);
      return this;
    }

    /**
     * Limits the time for connecting, TLS included.
     *
     * @param timeout more than zero; 10 seconds by default
     * @return this builder
     * @throws IllegalArgumentException if it is not more than zero
     */
    public Builder connectTimeout(Duration timeout) {
      settings.connectTimeout(timeout);
      return this;
    }

    /**
     * Limits the time for one request, from connecting to the last byte of the answer. A {@link
     * #put} may take two requests, and one more to find out who has its PSK identity.
     *
     * @param timeout more than zero; 30 seconds by default; more may be needed for {@link #list}
     *     and {@link #compare} with a large fleet
     * @return this builder
     * @throws IllegalArgumentException if it is not more than zero
     */
    public Builder requestTimeout(Duration timeout) {
      settings.requestTimeout(timeout);
      return this;
    }

    /**
     * Adds a header that authenticates to the server, or to something in front of it. There is only
     * one: a second call replaces the first.
     *
     * @param name the header's name, such as {@code Authorization}, whose value is {@code Bearer}
     *     and a token
     * @param value supplies the value for each request, in printable ASCII; the array is wiped
     *     after use. The JDK's HTTP client needs it as a {@code String} for the time of a request.
     * @return this builder
     * @throws IllegalArgumentException if it is not a header name, or one the HTTP client sets
     *     itself
     */
    public Builder header(String name, Supplier<char[]> value) {
      settings.header(new SecretHeader(name, value));
      return this;
    }

    /**
     * Allows keys to be sent without TLS to other hosts. Unsafe: whoever sees the traffic has the
     * keys, and may change them. Without it, plain http is for {@code localhost}, {@code
     * 127.0.0.0/8} and {@code [::1]} only, by their text.
     *
     * @return this builder
     */
    public Builder allowPlainHttp() {
      this.plainHttpAllowed = true;
      return this;
    }

    /**
     * Allows endpoints to be put that {@link #remove} cannot take away again: those with empty or
     * dot segments, such as {@code a//b} or {@code ..}, on any server, and those with {@code %} or
     * {@code \} on newer ones. They have to be taken out of the server's own store.
     *
     * @return this builder
     */
    public Builder allowUnremovableEndpoints() {
      this.unremovableAllowed = true;
      return this;
    }

    /**
     * Builds the client; nothing is sent yet.
     *
     * @return the client
     * @throws IllegalArgumentException if the server's URI is plain http to another host, which was
     *     not allowed, or is plain http and certificates are pinned or given
     */
    public LeshanSecurityApi build() {
      if (server.isPlain() && !server.isLoopback() && !plainHttpAllowed) {
        throw new IllegalArgumentException(
            server
                + " would carry keys over the network in clear; use https, or allow plain http"
                + " explicitly");
      }
      return new LeshanSecurityApi(
          server, settings.transport(server.isPlain()), unremovableAllowed);
    }
  }
}
