// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a request asks for, by its method and path as they came.
 *
 * @param action what to do
 * @param endpoint whose credential, as the path names it; empty if it names none
 * @param reason of a revocation; may be empty
 */
record Route(Action action, String endpoint, String reason) {
  enum Action {
    LIST,
    PUT,
    REMOVE,
    REVOKE
  }

  private static final String BASE = "/api/security/";
  private static final String CLIENTS = "clients";
  private static final String BELOW = CLIENTS + "/";
  private static final String REVOKE = "revoke";

  /** What a store takes. */
  private static final int MAX_REASON = 1000;

  /**
   * Finds out what is asked for. In a name, {@code %2F} is a slash, and so is a slash.
   *
   * @param path still encoded
   * @param query still encoded; null if there is none
   */
  static Route of(String method, String path, String query) throws Refusal {
    String rest = path.startsWith(BASE) ? path.substring(BASE.length()) : "";
    if (rest.startsWith(BELOW) && rest.length() > BELOW.length()) {
      if (!method.equals("DELETE")) {
        throw notAllowed("DELETE");
      }
      return removal(decoded(rest.substring(BELOW.length())), query);
    }
    if (query != null) {
      throw Refusal.notUnderstood("the query says nothing here; leave it out");
    }
    if (rest.equals(CLIENTS)) {
      return method.equals("GET") ? new Route(Action.LIST, "", "") : put(method, "GET, PUT", "");
    }
    // Scripts of an old tutorial have the endpoint here.
    if (!rest.isEmpty() && rest.indexOf('/') < 0) {
      return put(method, "PUT", decoded(rest));
    }
    throw new Refusal(
        Refusal.Reason.NOT_UNDERSTOOD,
        404,
        "not found: there is /api/security/clients, and below it each endpoint, to DELETE it");
  }

  private static Route put(String method, String allowed, String endpoint) throws Refusal {
    if (!method.equals("PUT")) {
      throw notAllowed(allowed);
    }
    return new Route(Action.PUT, endpoint, "");
  }

  private static Refusal notAllowed(String allowed) {
    return new Refusal(
        Refusal.Reason.NOT_UNDERSTOOD, 405, allowed + " only", Map.of("Allow", allowed));
  }

  private static Route removal(String endpoint, String query) throws Refusal {
    if (query == null) {
      return new Route(Action.REMOVE, endpoint, "");
    }
    if (query.equals(REVOKE)) {
      return new Route(Action.REVOKE, endpoint, "");
    }
    if (query.startsWith(REVOKE + "=") && query.indexOf('&') < 0) {
      String reason = decoded(query.substring(REVOKE.length() + 1).replace('+', ' '));
      if (reason.length() > MAX_REASON) {
        throw Refusal.notUnderstood(
            "the reason of a revocation has at most " + MAX_REASON + " characters");
      }
      return new Route(Action.REVOKE, endpoint, reason);
    }
    throw Refusal.notUnderstood("the query can be revoke=REASON, and nothing else");
  }

  /** Decodes what is percent-encoded (RFC 3986 §2.1), as UTF-8. */
  static String decoded(String text) throws Refusal {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        bytes.put(octet(raw, i));
        i += 2;
      } else {
        bytes.put(raw[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.notUnderstood("the path or query is not UTF-8");
    }
  }

  private static byte octet(byte[] raw, int i) throws Refusal {
    if (i + 2 >= raw.length
        || !HexFormat.isHexDigit(raw[i + 1])
        || !HexFormat.isHexDigit(raw[i + 2])) {
      throw Refusal.notUnderstood("a % in the path or query is not followed by two hex digits");
    }
    return (byte) (HexFormat.fromHexDigit(raw[i + 1]) << 4 | HexFormat.fromHexDigit(raw[i + 2]));
  }
}
