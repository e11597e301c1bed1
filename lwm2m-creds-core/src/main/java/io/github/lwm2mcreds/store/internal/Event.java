// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.lang.System.Logger.Level;
import java.util.Locale;

/**
 * What the library logs by itself. EVENTS.md tells users of each: the names, their levels and keys
 * stay the same from release to release.
 */
public enum Event {
  HANDSHAKE_REFUSED(Level.WARNING),
  HANDSHAKE_SLOWED(Level.WARNING),
  IDENTITY_UNDER_ATTACK(Level.WARNING),
  CONNECTION_DISPLACED(Level.WARNING),
  KEY_LOOKUP_FAILED(Level.WARNING),
  KEY_UNREADABLE(Level.WARNING),
  SESSION_ENDED(Level.INFO),
  SESSIONS_NOT_COMPARED(Level.WARNING),
  SESSIONS_LOADED(Level.INFO),
  SESSIONS_NOT_LOADED(Level.WARNING),
  SESSIONS_SAVED(Level.INFO),
  SESSIONS_NOT_SAVED(Level.WARNING),
  CLUSTER_DATAGRAM_REFUSED(Level.WARNING),
  CLUSTER_NOT_AUTHENTICATED(Level.WARNING),
  DATAGRAM_FAILED(Level.ERROR),
  MIRROR_LOST(Level.WARNING),
  MIRROR_RESUMED(Level.INFO),
  MIRROR_HISTORY_CHANGED(Level.ERROR),
  REGISTRATION_REFUSED(Level.WARNING),
  REGISTRATION_ENDED(Level.INFO),
  REGISTRATIONS_NOT_COMPARED(Level.WARNING),
  ROTATION_NOT_CONFIRMED(Level.WARNING),
  PROVISIONING_REFUSED(Level.WARNING);

  private static final String LOGGERS = "io.github.lwm2mcreds.event.";

  private final Level level;

  Event(Level level) {
    this.level = level;
  }

  Level level() {
    return level;
  }

  /** The name of the event, such as {@code handshake-refused}. */
  String id() {
    return nameOf(this);
  }

  /** The name of the event's logger. */
  public String logger() {
    return LOGGERS + id();
  }

  /** An enum's constant as text for a log, such as {@code wrong-key}. */
  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
