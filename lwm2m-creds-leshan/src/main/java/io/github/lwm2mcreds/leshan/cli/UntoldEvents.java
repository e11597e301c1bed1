// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;

/** The events in the log that {@code serve} does not print itself. */
final class UntoldEvents {
  private static final List<String> NAMES =
      List.of(
          "connection-refused",
          "datagram-failed",
          "key-lookup-failed",
          "rotation-not-confirmed",
          "sessions-not-compared");

  private UntoldEvents() {}

  /** Logs these events on standard error, unless a system property sets their level. */
  static void log() {
    for (String name : NAMES) {
      String level = "org.slf4j.simpleLogger.log.io.github.lwm2mcreds.event." + name;
      if (System.getProperty(level) == null) {
        System.setProperty(level, "warn");
      }
    }
  }
}
