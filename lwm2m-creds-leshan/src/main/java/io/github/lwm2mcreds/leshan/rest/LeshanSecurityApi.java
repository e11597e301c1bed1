package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.DeviceCredential;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The security API of a running Leshan server, {@code /api/security}: what the server's web page
 * uses to give devices their credentials.
 *
 * <p>The API changed its form of a credential with Leshan 2.0.0-M8. A client finds out which one
 * its server takes with the first {@link #put}, and remembers it. It never follows redirects, never
 * logs, and may be used by many threads.
 *
 * <p>The API has no authentication of its own and lists keys in clear: a server should let it be
 * reached over TLS only, with something in front that asks who calls. Keys travel as bytes that are
 * wiped after use; copies which the JDK's HTTP client and TLS make of what they carry are beyond
 * reach.
 */
public final class LeshanSecurityApi {
  private final ServerUri server;
  private final Transport transport;
  private final Upload upload;

  private LeshanSecurityApi(ServerUri server, Transport transport) {
    this.server = server;
    this.transport = transport;
    this.upload = new Upload(server.clients(), transport);
  }

  /**
   * Starts describing a client.
   *
   * @param server the server's address, like {@code https://host:8443}; {@code /api/security} is
   *     appended to its path
   * @return a builder
   * @throws IllegalArgumentException if it is not an http or https URI with a host, or has user
   *     info, a query or a fragment
   */
  public static Builder builder(URI server) {
    return new Builder(ServerUri.of(server));
  }

  /**
   * Gives an endpoint its credential on the server, instead of the one it may have there. With
   * Leshan's own stores, sessions made with a key that is replaced stay open.
   *
   * @param credential what to send; still the caller's afterwards
   * @throws SecurityApiException if the server did not take it; with {@link
   *     SecurityApiException.Reason#IDENTITY_IN_USE} if the PSK identity belongs to another
   *     endpoint, and {@link SecurityApiException.Reason#UNSENDABLE} if it is not UTF-8
   * @throws IllegalStateException if the credential was destroyed
   */
  public void put(DeviceCredential credential) throws SecurityApiException {
    upload.put(credential);
  }

  /**
   * Takes an endpoint's credential away from the server, which ends the sessions made with it.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return whether there was one
   * @throws SecurityApiException if the server could not do it; with {@link
   *     SecurityApiException.Reason#UNSENDABLE} if the endpoint cannot be carried safely in a path,
   *     being empty or having empty or dot segments
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
    throw answer.failure();
  }

  /**
   * Asks what the server holds, keys included.
   *
   * @return an entry for each endpoint in no particular order; owned by the caller, who should
   *     destroy them after use
   * @throws SecurityApiException if the server could not be asked, or answers something else
   */
  public List<SecurityEntry> list() throws SecurityApiException {
    return transport.send(
        HttpRequest.newBuilder(server.clients()).setHeader("Accept", "application/json").GET(),
        response -> {
          if (response.statusCode() != 200) {
            throw Answer.read(response).failure();
          }
          return SecurityListParser.parse(response.uri(), response.body());
        });
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

    private Builder(ServerUri server) {
      this.server = server;
    }

    /**
     * Trusts the certificates in a file, and no longer those that the Java runtime trusts; see
     * {@link #trust(X509Certificate)}.
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
     * Trusts a certificate, besides others given, and no longer those that the Java runtime trusts.
     *
     * <p>If it is a CA's (its basic constraints say so), servers are trusted that present a
     * certificate it issued, for the host name or address in the URI. A server that presents the
     * given certificate itself, as with a self-signed one, is trusted while it is valid, and need
     * not have the name in it: the certificate says more than a name could.
     *
     * @param certificate of a CA, or of the server itself
     * @return this builder
     */
    public Builder trust(X509Certificate certificate) {
      settings.trust(certificate);
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
     * #put} may take two requests.
     *
     * @param timeout more than zero; 30 seconds by default; more may be needed for {@link #list}
     *     with a large fleet
     * @return this builder
     * @throws IllegalArgumentException if it is not more than zero
     */
    public Builder requestTimeout(Duration timeout) {
      settings.requestTimeout(timeout);
      return this;
    }

    /**
     * Sends a header along, to authenticate to something in front of the server. There is one: a
     * second call takes the place of the first.
     *
     * @param name the header's name, such as {@code Authorization}
     * @param value asked for the value at each request, in printable ASCII; the array it gives is
     *     wiped after use. The JDK's HTTP client needs a {@code String} of it for the time of a
     *     request.
     * @return this builder
     * @throws IllegalArgumentException if the name is none, or one the HTTP client sets itself
     */
    public Builder header(String name, Supplier<char[]> value) {
      settings.header(new SecretHeader(name, value));
      return this;
    }

    /**
     * Allows keys to be sent without TLS to other hosts than this one. It is unsafe: whoever sees
     * the traffic has the keys, and may change them. Without it, plain http is for {@code
     * localhost}, {@code 127.0.0.0/8} and {@code [::1]} only, by their text.
     *
     * @return this builder
     */
    public Builder allowPlainHttp() {
      this.plainHttpAllowed = true;
      return this;
    }

    /**
     * Makes the client; nothing is sent yet.
     *
     * @return the client
     * @throws IllegalArgumentException if the server's URI is plain http to another host and that
     *     was not allowed, or is plain http and certificates are given
     */
    public LeshanSecurityApi build() {
      if (server.isPlain() && !server.isLoopback() && !plainHttpAllowed) {
        throw new IllegalArgumentException(
            server
                + " would carry keys over the network in clear; use https, or allow plain http"
                + " explicitly");
      }
      return new LeshanSecurityApi(server, settings.transport(server.isPlain()));
    }
  }
}
