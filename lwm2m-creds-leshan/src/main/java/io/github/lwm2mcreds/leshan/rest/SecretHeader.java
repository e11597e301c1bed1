// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;

import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

/** A request header with a secret value, which is fetched for each request. */
final class SecretHeader {
  private final String name;
  private final Supplier<char[]> value;

  SecretHeader(String name, Supplier<char[]> value) {
    // Refuses what is no header name, and those that the HTTP client sets itself.
    HttpRequest.newBuilder().setHeader(name, "");
    this.name = name;
    this.value = Objects.requireNonNull(value, "value");
  }

  void addTo(HttpRequest.Builder request) throws SecurityApiException {
    char[] secret = Objects.requireNonNull(value.get(), "the header's supplier returned null");
    try {
      for (char c : secret) {
        if (c < ' ' || c > '~') {
          // The HTTP client's own message would show the value.
          throw new SecurityApiException(
              UNSENDABLE,
              "the value of the header "
                  + name
                  + " has a character other than printable ASCII, perhaps the end of a line");
        }
      }
      request.setHeader(name, new String(secret));
    } finally {
      Arrays.fill(secret, '\0');
    }
  }
}
