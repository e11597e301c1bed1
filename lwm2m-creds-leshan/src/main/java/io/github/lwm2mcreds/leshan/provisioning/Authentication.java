// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Finds out who calls: by a bearer token (RFC 6750), or else by the certificate that TLS proved.
 */
final class Authentication {
  private static final String SCHEME = "bearer ";
  private static final int MAX_LENGTH = 512;

  private final AccessFile file;

  Authentication(AccessFile file) {
    this.file = file;
  }

  /** Returns who calls; a token that is not known is not made good by a certificate. */
  AccessEntry caller(Request request) throws Refusal {
    AccessList list = list();
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    Optional<AccessEntry> found =
        header != null ? ofToken(list, header) : certificate(request).flatMap(c -> of(list, c));
    return found.orElseThrow(
        () ->
            refused(
                header != null
                    ? "the bearer token is not one of this server's"
                    : certificate(request).isPresent()
                        ? "the certificate's subject has no access to this server"
                        : "who calls has to be known, by a bearer token or a client certificate"));
  }

  private AccessList list() throws Refusal {
    try {
      return file.current();
    } catch (IOException | IllegalArgumentException e) {
      throw Refusal.failed(
          Refusal.Reason.ACCESS_FILE,
          503,
          "who has access cannot be read now; the server's log tells why",
          e);
    }
  }

  private static Optional<AccessEntry> ofToken(AccessList list, String header) {
    if (header.length() > MAX_LENGTH || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    return list.ofToken(header.substring(SCHEME.length()).strip());
  }

  private static Optional<AccessEntry> of(AccessList list, X509Certificate certificate) {
    return list.ofSubject(certificate.getSubjectX500Principal());
  }

  private static Optional<X509Certificate> certificate(Request request) {
    EndPoint.SslSessionData tls =
        request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    X509Certificate[] chain = tls == null ? null : tls.peerCertificates();
    return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
  }

  private static Refusal refused(String why) {
    return new Refusal(
        Refusal.Reason.NOT_AUTHENTICATED,
        401,
        why,
        Map.of("WWW-Authenticate", "Bearer realm=\"lwm2m-creds\"", "Connection", "close"));
  }
}
