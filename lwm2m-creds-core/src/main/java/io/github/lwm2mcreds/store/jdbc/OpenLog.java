// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The log of an SQLite file while connections have it open. SQLite does not notice that somebody
 * deletes it, as those do who copy a backup over the file: it goes on with a log that nobody else
 * sees, and writes that over the backup when it is closed. So such connections are never used
 * again, and never closed; they end with the process.
 */
final class OpenLog {
  /** Nothing may close these, a finaliser neither. */
  private static final Queue<JdbcSession> FORSAKEN = new ConcurrentLinkedQueue<>();

  private final SqliteFile file;
  private int open;
  private Object key;
  private boolean deleted;

  OpenLog(SqliteFile file) {
    this.file = file;
  }

  /** Refuses to go on without the log that is open. */
  synchronized void require() {
    deleted |= key != null && !key.equals(file.logKey());
    if (deleted) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE,
          file
              + " lost its log while it was open, perhaps since a backup was copied over it:"
              + " restart this process, which writes nothing more to the file; and restore backups"
              + " by SQLite's .restore, or while nothing has the file open");
    }
  }

  synchronized void opened() {
    open++;
  }

  /** Called after a connection has been used: only then it has the log open. */
  synchronized void used() {
    if (key == null) {
      key = file.logKey();
    }
  }

  /** Returns whether a connection may be closed; the last one to be closed deletes the log. */
  synchronized boolean mayClose(Collection<JdbcSession> sessions) {
    deleted |= key != null && !key.equals(file.logKey());
    if (deleted) {
      FORSAKEN.addAll(sessions);
      return false;
    }
    open -= sessions.size();
    if (open == 0) {
      key = null;
    }
    return true;
  }
}
