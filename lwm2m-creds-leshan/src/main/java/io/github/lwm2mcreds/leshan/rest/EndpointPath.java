package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;

import io.github.lwm2mcreds.Printable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Endpoints in the path of a request (RFC 3986 §3.3).
 *
 * <p>A {@code /} stays as it is: all versions take everything after {@code /clients/} for the
 * endpoint, and the newer ones refuse {@code %2F}. So an endpoint with segments that a server or a
 * proxy may drop or merge would name another endpoint, and is refused.
 */
final class EndpointPath {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNESCAPED = "-._~/";

  private EndpointPath() {}

  static String encode(String endpoint) throws SecurityApiException {
    if (endpoint.codePoints().anyMatch(EndpointPath::isNotText)) {
      throw refusal(endpoint, "it holds a control character or a lone surrogate");
    }
    for (String segment : endpoint.split("/", -1)) {
      if (segment.isEmpty()) {
        throw refusal(endpoint, "it is empty, or begins or ends with / or holds //");
      }
      if (segment.equals(".") || segment.equals("..")) {
        throw refusal(endpoint, "it has " + segment + " where a path has a segment");
      }
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

  private static boolean isNotText(int c) {
    return Character.isISOControl(c)
        || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static boolean isAsciiLetterOrDigit(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
  }

  private static SecurityApiException refusal(String endpoint, String why) {
    return new SecurityApiException(
        UNSENDABLE,
        "the endpoint '"
            + Printable.escape(endpoint)
            + "' cannot be carried safely in a path: "
            + why
            + "; remove it on the server's web page");
  }
}
