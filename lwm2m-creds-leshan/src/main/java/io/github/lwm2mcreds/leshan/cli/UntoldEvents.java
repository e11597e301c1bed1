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
          "sessions-not-compared",
          "sessions-not-loaded",
          "sessions-not-saved");

  /** That devices go on, or not, is news even if all is well. */
  private static final String LOADED = "sessions-loaded";

  private UntoldEvents() {}

  /** Logs these events on standard error, unless a system property sets their level. */
  static void log() {
    NAMES.forEach(name -> log(name, "warn"));
    log(LOADED, "info");
  }

  private static void log(String name, String level) {
    String property = "org.slf4j.simpleLogger.log.io.github.lwm2mcreds.event." + name;
    if (System.getProperty(property) == null) {
      System.setProperty(property, level);
    }
  }
}
