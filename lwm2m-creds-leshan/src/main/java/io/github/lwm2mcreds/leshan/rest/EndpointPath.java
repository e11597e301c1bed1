// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNREMOVABLE;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;

import io.github.lwm2mcreds.Printable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Endpoints in the path of a request (RFC 3986 §3.3).
 *
 * <p>A {@code /} stays as it is: all versions take everything after {@code /clients/} for the
 * endpoint, and the newer ones refuse {@code %2F}. So an endpoint with segments that a server or a
 * proxy may drop or merge would name another endpoint, and is refused. A {@code %} or {@code \} in
 * an endpoint is for older versions only.
 */
final class EndpointPath {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNESCAPED = "-._~/";

  static final String REFUSED_BY_NEWER = "Leshan 2.0.0-M18 refuses a path with % or \\ in a name";

  private EndpointPath() {}

  static String encode(String endpoint) throws SecurityApiException {
    Optional<String> obstacle = obstacle(endpoint);
    if (obstacle.isPresent()) {
      throw new SecurityApiException(
          UNSENDABLE,
          "the endpoint '"
              + Printable.escape(endpoint)
              + "' cannot be carried safely in a path: "
              + obstacle.get()
              + "; take it out of the server's own store");
    }
    StringBuilder path = new StringBuilder(endpoint.length() + 8);
    for (byte b : endpoint.getBytes(StandardCharsets.UTF_8)) {
      if (isAsciiLetterOrDigit(b) || UNESCAPED.indexOf(b) >= 0) {
        path.append((char) b);
      } else {
        path.append('%').append(HEX.toHexDigits(b));
      }
    }
    return path.toString();
  }

  /** Refuses an endpoint that could be put on some server and never be removed again. */
  static void requireRemovable(String endpoint) throws SecurityApiException {
    Optional<String> why =
        obstacle(endpoint)
            .or(() -> Optional.of(REFUSED_BY_NEWER).filter(any -> isRefusedByNewer(endpoint)));
    if (why.isPresent()) {
      throw new SecurityApiException(
          UNREMOVABLE,
          "the endpoint '"
              + Printable.escape(endpoint)
              + "' could not be removed from the server again: "
              + why.get()
              + "; give the device another name, or allow such names explicitly");
    }
  }

  /** Returns whether newer servers answer 400 to a path with the endpoint, however encoded. */
  static boolean isRefusedByNewer(String endpoint) {
    return endpoint.indexOf('%') >= 0 || endpoint.indexOf('\\') >= 0;
  }

  private static Optional<String> obstacle(String endpoint) {
    if (endpoint.codePoints().anyMatch(EndpointPath::isNotText)) {
      return Optional.of("it holds a control character or a lone surrogate");
    }
    for (String segment : endpoint.split("/", -1)) {
      if (segment.isEmpty()) {
        return Optional.of("it is empty, or begins or ends with / or holds //");
      }
      if (segment.equals(".") || segment.equals("..")) {
        return Optional.of("it has " + segment + " where a path has a segment");
      }
    }
    return Optional.empty();
  }

  private static boolean isNotText(int c) {
    return Character.isISOControl(c)
        || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static boolean isAsciiLetterOrDigit(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
  }
}
