// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** The address of a server: which are taken, and where its security API is. */
final class ServerUri {
  private static final String API_PATH = "/api/security";

  /** What people copy from a browser or a script: the path of the API itself, or of its list. */
  private static final Pattern API_AT_END =
      Pattern.compile("(?:" + API_PATH + "(?:/+clients)?)?/*$");

  private static final int MAX_PORT = 65535;
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1]|127(?:\\." + OCTET + "){3}");

  private final URI api;

  private ServerUri(URI api) {
    this.api = api;
  }

  /** Checks an address; no message shows one that may hold a password. */
  static ServerUri of(URI server) {
    if (server.getRawUserInfo() != null
        || server.getRawAuthority() != null && server.getRawAuthority().indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "the server's URI holds user info, which ends up in logs; use the header instead");
    }
    if (server.getRawQuery() != null || server.getRawFragment() != null) {
      throw new IllegalArgumentException("the server's URI has a query or a fragment; drop it");
    }
    String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "the server's URI must be https or http, like https://host:8443");
    }
    if (server.getHost() == null || server.getPort() == 0 || server.getPort() > MAX_PORT) {
      throw new IllegalArgumentException(
          "the server's URI has no valid host and port; give one like https://host:8443");
    }
    String path = API_AT_END.matcher(server.getRawPath()).replaceFirst("");
    return new ServerUri(URI.create(scheme + "://" + server.getRawAuthority() + path + API_PATH));
  }

  boolean isPlain() {
    return api.getScheme().equals("http");
  }

  /**
   * Returns whether the address names this machine, going by its text: what a name resolves to may
   * change between looking and connecting.
   */
  boolean isLoopback() {
    return LOOPBACK.matcher(api.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  URI clients() {
    return URI.create(api + "/clients");
  }

  URI client(String endpoint) throws SecurityApiException {
    return URI.create(api + "/clients/" + EndpointPath.encode(endpoint));
  }

  @Override
  public String toString() {
    return api.toString();
  }
}
