// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;

/** What a server logs of which the command line has no line of its own. */
final class UntoldEvents {
  private static final List<String> NAMES =
      List.of(
          "connection-refused",
          "datagram-failed",
          "key-lookup-failed",
          "rotation-not-confirmed",
          "sessions-not-compared");

  private UntoldEvents() {}

  /** Lets the log tell of these on standard error, unless it was told otherwise. */
  static void log() {
    for (String name : NAMES) {
      String level = "org.slf4j.simpleLogger.log.io.github.lwm2mcreds.event." + name;
      if (System.getProperty(level) == null) {
        System.setProperty(level, "warn");
      }
    }
  }
}
