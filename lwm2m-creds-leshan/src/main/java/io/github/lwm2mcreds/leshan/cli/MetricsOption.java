// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where a server shows its metrics, if at all. */
final class MetricsOption {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(\\[[^\\[\\]]+]|[^:\\[\\]]+):)?(\\d{1,5})");

  @Option(
      names = "--metrics",
      paramLabel = "[HOST:]PORT",
      description =
          "Show metrics for Prometheus on http://HOST:PORT/metrics, and whether the server lives on"
              + " /health. On /ready, 200 tells that it serves, and 503 that it starts, stops, or"
              + " has lost its store for longer than 30 s or the time of --refuse-newcomers-after."
              + " Anybody who reaches the port may read this. Default host: 127.0.0.1; port 0 picks"
              + " a free one.")
  private String address;

  /**
   * Starts a server for the metrics, if the option is given.
   *
   * @param listening called with where it is, if it is
   */
  Monitor start(Consumer<String> listening) throws CommandException {
    if (address == null) {
      return Monitor.NONE;
    }
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 0xffff) {
      throw CommandException.refused(
          "--metrics must be a port, or such as 0.0.0.0:9464 or [::1]:9464");
    }
    String host = parts.group(1) == null ? "127.0.0.1" : parts.group(1);
    InetSocketAddress where = new InetSocketAddress(host, Integer.parseInt(parts.group(2)));
    if (where.isUnresolved()) {
      throw CommandException.refused("--metrics: cannot resolve " + host);
    }
    try {
      MetricsServer server = MetricsServer.start(where);
      listening.accept("http://" + host + ":" + server.port() + "/metrics");
      return server;
    } catch (IOException e) {
      throw CommandException.failed(
          "--metrics: cannot listen on "
              + host
              + ":"
              + where.getPort()
              + ": the port may be in use, or the address is not this machine's",
          e);
    }
  }
}
