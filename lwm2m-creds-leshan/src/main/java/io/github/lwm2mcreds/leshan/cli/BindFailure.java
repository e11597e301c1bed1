// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.MissingRight;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a server cannot listen, and what to do. */
final class BindFailure {
  private BindFailure() {}

  /**
   * Returns the failure.
   *
   * @param where the address and port, as the user named them
   */
  static CommandException of(String where, int port, RuntimeException e) {
    return CommandException.failed("cannot listen on " + where + ": " + why(port, e), e);
  }

  /** Goes by the operating system's words, as Java has one exception for all. */
  private static String why(int port, Throwable e) {
    String causes =
        Stream.iterate(e, cause -> cause != null, Throwable::getCause)
            .map(cause -> String.valueOf(cause.getMessage()))
            .collect(Collectors.joining(" "));
    int cluster = causes.indexOf("the cluster address ");
    if (cluster >= 0) {
      return causes.substring(cluster) + " (--cluster)";
    }
    if (causes.contains("Permission denied")) {
      return port < 1024
          ? "the user '"
              + MissingRight.user()
              + "' lacks the right to use ports below 1024 (CAP_NET_BIND_SERVICE; in a systemd unit"
              + " AmbientCapabilities=CAP_NET_BIND_SERVICE): grant it, or take another --coaps-port"
          : "the operating system does not permit it";
    }
    if (causes.contains("Address already in use")) {
      return "another process uses the port (--coaps-port 0 picks a free one)";
    }
    if (causes.contains("Cannot assign requested address")) {
      return "the address is not this machine's (--host 0.0.0.0 takes all that are)";
    }
    return "the port may be in use (--coaps-port 0 picks a free one), or the address is not this"
        + " machine's";
  }
}
