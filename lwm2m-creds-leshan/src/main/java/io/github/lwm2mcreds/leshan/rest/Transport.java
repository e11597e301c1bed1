// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.INTERRUPTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.TIMEOUT;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** Sends requests and has their answers read, all within the time one request may take. */
final class Transport {
  /** Makes something of an answer, whose stream it need not close. */
  interface Reader<T> {
    T read(HttpResponse<InputStream> response) throws IOException, SecurityApiException;
  }

  private static final int TOO_MANY_REQUESTS = 429;

  private final HttpClient http;
  private final Duration timeout;
  private final Optional<SecretHeader> header;

  Transport(HttpClient http, Duration timeout, Optional<SecretHeader> header) {
    this.http = http;
    this.timeout = timeout;
    this.header = header;
  }

  /** Sends a request; {@code request} has all but the header and the time limit. */
  <T> T send(HttpRequest.Builder request, Reader<T> reader) throws SecurityApiException {
    if (header.isPresent()) {
      header.get().addTo(request);
    }
    HttpRequest complete = request.timeout(timeout).build();
    long start = System.nanoTime();
    try {
      HttpResponse<InputStream> response = send(complete, start);
      return read(response, timeout.toNanos() - (System.nanoTime() - start), reader);
    } catch (HttpConnectTimeoutException e) {
      throw new SecurityApiException(
          TIMEOUT,
          "no connection to "
              + complete.uri()
              + " in time; nothing was sent, so check that the server runs"
              + " there, and ask again");
    } catch (HttpTimeoutException e) {
      throw timeout(complete.uri());
    } catch (IOException e) {
      throw failure(complete.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(complete.uri());
    }
  }

  /** Sends a request, and again if the server wants it later, as long as there is time. */
  private HttpResponse<InputStream> send(HttpRequest request, long start)
      throws IOException, InterruptedException {
    while (true) {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      long wait = SECONDS.toNanos(secondsToWait(response));
      if (wait == 0 || System.nanoTime() - start + wait >= timeout.toNanos()) {
        return response;
      }
      response.body().close();
      NANOSECONDS.sleep(wait);
    }
  }

  /** Returns when the server says to come again (RFC 6585 §4); 0 if it does not. */
  private static long secondsToWait(HttpResponse<InputStream> response) {
    String after = response.headers().firstValue("Retry-After").orElse("");
    return response.statusCode() == TOO_MANY_REQUESTS && after.matches("[1-9][0-9]{0,3}")
        ? Long.parseLong(after)
        : 0;
  }

  /** Reads under a deadline of its own, as the HTTP client's ends when the headers are there. */
  private <T> T read(HttpResponse<InputStream> response, long nanosLeft, Reader<T> reader)
      throws IOException, SecurityApiException {
    try (InputStream body = response.body();
        Deadline deadline = new Deadline(body, nanosLeft)) {
      try {
        return reader.read(response);
      } catch (IOException e) {
        throw deadline.isExpired() ? timeout(response.uri()) : failure(response.uri(), e);
      }
    }
  }

  private SecurityApiException timeout(URI uri) {
    return new SecurityApiException(
        TIMEOUT,
        uri
            + " did not answer within "
            + timeout.toMillis()
            + " ms; whether it did what it was asked is unknown, and it is safe to ask again");
  }

  private static SecurityApiException interrupted(URI uri) {
    return new SecurityApiException(
        INTERRUPTED,
        "interrupted while talking to " + uri + "; whether it did what it was asked is unknown");
  }

  private SecurityApiException failure(URI uri, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return interrupted(uri);
    }
    return ConnectionFailure.of(uri, Hop.to(uri, http.proxy()), e);
  }
}
