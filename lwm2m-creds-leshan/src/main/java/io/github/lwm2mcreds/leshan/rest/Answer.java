// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.ADD_ONLY;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.AUTHENTICATION_REQUIRED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REDIRECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REJECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.SERVER_ERROR;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A server's answer that is not the list of clients: a status and a short text. */
final class Answer {
  private static final int MAX_LENGTH = 8192;
  private static final byte[] NOTHING = {};

  private final URI uri;
  private final int status;
  private final String text;
  private final String quote;
  private final String location;
  private final boolean isForFactory;

  private Answer(
      URI uri, int status, String text, String quote, String location, boolean isForFactory) {
    this.uri = uri;
    this.status = status;
    this.text = text;
    this.quote = quote;
    this.location = location;
    this.isForFactory = isForFactory;
  }

  static Answer read(HttpResponse<InputStream> response) throws IOException {
    return read(response, NOTHING);
  }

  /** Reads an answer; {@code keyHex} is what it must not show, and stays the caller's. */
  static Answer read(HttpResponse<InputStream> response, byte[] keyHex) throws IOException {
    String text =
        new String(response.body().readNBytes(MAX_LENGTH), StandardCharsets.UTF_8).strip();
    String location = response.headers().firstValue("Location").orElse("");
    return new Answer(
        response.uri(),
        response.statusCode(),
        text,
        ServerText.quote(text, keyHex),
        ServerText.quote(location, keyHex),
        response.headers().firstValue("Lwm2m-Creds-Role").orElse("").equals("factory"));
  }

  int status() {
    return status;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean beginsWith(String prefix) {
    return text.startsWith(prefix);
  }

  /** Returns the text without secrets, ready to append to a message; often nothing. */
  String quote() {
    return quote;
  }

  boolean isDone() {
    return status == 200 && text.isEmpty();
  }

  boolean saysIdentityInUse() {
    return status == 400 && text.startsWith("PSK Identity ") && text.contains(" is already used");
  }

  boolean saysNotFound() {
    return status == 404 && text.isEmpty()
        || status == 200 && text.replaceAll("\\s", "").equals("{\"message\":\"not_found\"}");
  }

  /** Returns the failure that the status of an unexpected answer stands for. */
  SecurityApiException failure() {
    if (status >= 300 && status < 400) {
      return failure(
          REDIRECTED,
          "redirects, which the client does not follow since keys would go along"
              + location
              + "; give the server's final address");
    }
    if (status == 403 && isForFactory) {
      return failure(ADD_ONLY, "lets this client add credentials only" + quote);
    }
    if (status == 401 || status == 403 || status == 407) {
      return failure(
          AUTHENTICATION_REQUIRED,
          "does not let this client in"
              + quote
              + "; give the bearer token, client certificate or header that the server, or whatever"
              + " stands in front of it, asks for");
    }
    if (status >= 500) {
      return failure(SERVER_ERROR, "failed" + quote + "; see the server's log");
    }
    if (status < 300 || status == 404 || status == 405) {
      return failure(
          NOT_LESHAN,
          "does not answer as Leshan's security API does; check the server's address and path");
    }
    return failure("see the server's log");
  }

  /** Returns a refusal with what to do about it. */
  SecurityApiException failure(String advice) {
    return failure(REJECTED, "refused" + quote + "; " + advice);
  }

  private SecurityApiException failure(SecurityApiException.Reason reason, String what) {
    return new SecurityApiException(reason, status, uri + " " + what + " (HTTP " + status + ")");
  }
}
