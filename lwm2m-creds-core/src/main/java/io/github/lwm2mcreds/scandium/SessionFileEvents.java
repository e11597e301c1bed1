// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLog;
import java.time.Duration;
import java.util.Optional;

/** What a server logs of the file of its sessions. */
final class SessionFileEvents {
  /** When sessions were saved. */
  private enum Kind {
    STOPPED,
    SNAPSHOT;

    static Kind of(boolean isSnapshot) {
      return isSnapshot ? SNAPSHOT : STOPPED;
    }
  }

  /** Why sessions were not loaded, or not saved. */
  enum Failure {
    /** The file could not be read or written. */
    FILE_FAILED,
    /** The store failed. */
    STORE_FAILED,
    /** It was saved, and the store could not be told that older files are to be refused. */
    NOT_RECORDED,
    /** Another server has loaded these sessions. */
    TAKEN
  }

  private static final String FILE = "file";
  private static final String SESSIONS = "sessions";
  private static final String MILLIS = "millis";

  private SessionFileEvents() {}

  static void loaded(
      SessionFile file, SessionFileHeader header, LoadedSessions loaded, Duration took) {
    EventLog.log(
        Event.SESSIONS_LOADED,
        Kind.of(header.isSnapshot()),
        line ->
            line.put(FILE, file.toString())
                .put(SESSIONS, loaded.restored())
                .put("dropped", loaded.dropped())
                .put("saved", header.time().toString())
                .put(MILLIS, took.toMillis()));
  }

  /** Logs that a file was refused, and where it is kept if it is. */
  static void refused(SessionFile file, SavedSessionsException why, Optional<String> kept) {
    EventLog.log(
        Event.SESSIONS_NOT_LOADED,
        why.reason(),
        line -> {
          line.put(FILE, file.toString());
          kept.ifPresent(path -> line.put("kept", path));
          line.put("failure", why.getMessage());
        });
  }

  static void notLoaded(SessionFile file, Failure reason, Exception why) {
    EventLog.log(
        Event.SESSIONS_NOT_LOADED, reason, line -> line.put(FILE, file.toString()).failure(why));
  }

  static void saved(SessionFile file, boolean isSnapshot, SavedSessions save) {
    EventLog.log(
        Event.SESSIONS_SAVED,
        Kind.of(isSnapshot),
        line ->
            line.put(FILE, file.toString())
                .put(SESSIONS, save.sessions())
                .put("bytes", save.bytes())
                .put(MILLIS, save.took().toMillis()));
  }

  static void notSaved(SessionFile file, Failure reason, Exception why) {
    EventLog.log(
        Event.SESSIONS_NOT_SAVED, reason, line -> line.put(FILE, file.toString()).failure(why));
  }
}
