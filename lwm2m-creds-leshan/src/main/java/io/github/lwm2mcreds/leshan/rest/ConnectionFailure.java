// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.CONNECTION_LOST;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.TLS_FAILED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNKNOWN_HOST;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNREACHABLE;

import io.github.lwm2mcreds.Printable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What a broken connection, or one that was never made, means and what to do about it. */
final class ConnectionFailure {
  private ConnectionFailure() {}

  static SecurityApiException of(URI uri, Hop hop, IOException e) {
    if (has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class)) {
      return new SecurityApiException(
          UNKNOWN_HOST,
          "no address is known for "
              + hop.host()
              + ", so nothing was sent to "
              + uri
              + "; check the spelling of the name, and this machine's DNS",
          e);
    }
    if (e instanceof ConnectException) { // of any reason: the HTTP client hides which
      return new SecurityApiException(
          UNREACHABLE,
          "nothing accepts connections at "
              + hop
              + ", so nothing was sent to "
              + uri
              + "; check that the server runs there, the port, and firewalls between",
          e);
    }
    if (e instanceof SSLException) {
      return new SecurityApiException(
          TLS_FAILED, "no trusted TLS connection to " + uri + ": " + tls(uri, e), e);
    }
    if (e instanceof ProtocolException) {
      // Its message shows what the server sent.
      return new SecurityApiException(
          NOT_LESHAN, uri + " does not answer in HTTP; check the server's address and port");
    }
    return new SecurityApiException(
        CONNECTION_LOST,
        "the connection to "
            + uri
            + " broke; whether the server did what it was asked is unknown, and it is safe to ask"
            + " again",
        e);
  }

  /** Returns what was wrong, and what to do. */
  private static String tls(URI uri, IOException e) {
    String detail = Printable.escape(root(e).getMessage());
    if (has(e, CertificateExpiredException.class)
        || has(e, CertificateNotYetValidException.class)) {
      return "the server's certificate is not valid today ("
          + detail
          + "); renew it, or set this machine's clock";
    }
    if (isAboutTheName(root(e))) {
      return "the server's certificate is for another name than "
          + uri.getHost()
          + " ("
          + detail
          + "); use a name that is in it, or pin the certificate itself";
    }
    if (has(e, CertPathBuilderException.class) || root(e) instanceof CertificateException) {
      return "the server's certificate is not trusted ("
          + detail
          + "); check the address, and pin the server's certificate or its CA's";
    }
    return "the two sides could not agree ("
        + detail
        + "); check that the port is one for https, and the server's log";
  }

  /** Goes by the words of the JDK, which has no exception of its own for it. */
  private static boolean isAboutTheName(Throwable root) {
    String text = String.valueOf(root.getMessage());
    return root instanceof CertificateException
        && (text.startsWith("No name matching") || text.startsWith("No subject alternative"));
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    return causes(e).anyMatch(type::isInstance);
  }

  private static Throwable root(Throwable e) {
    return causes(e).reduce(e, (outer, inner) -> inner);
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause);
  }
}
