// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.Event;
import java.util.EnumSet;
import java.util.Set;

/** The events in the log that {@code serve} does not print itself. */
final class UntoldEvents {
  /** Those that {@code serve} prints, and one that is no news. */
  private static final Set<Event> TOLD =
      EnumSet.of(
          Event.HANDSHAKE_REFUSED,
          Event.KEY_UNREADABLE,
          Event.SESSION_ENDED,
          Event.MIRROR_LOST,
          Event.MIRROR_RESUMED,
          Event.MIRROR_HISTORY_CHANGED,
          Event.REGISTRATION_REFUSED,
          Event.REGISTRATION_ENDED,
          Event.REGISTRATIONS_NOT_COMPARED,
          Event.SESSIONS_SAVED);

  private UntoldEvents() {}

  /** Logs all others on standard error, unless a system property sets their level. */
  static void log() {
    for (Event event : EnumSet.complementOf(EnumSet.copyOf(TOLD))) {
      String property = "org.slf4j.simpleLogger.log." + event.logger();
      if (System.getProperty(property) == null) {
        System.setProperty(property, "info");
      }
    }
  }
}
