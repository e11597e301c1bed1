// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.SessionLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The file in which a server keeps its sessions while it does not run, so that devices go on
 * without a handshake: it is saved when the server stops and, in case it is killed, every five
 * minutes; and it is loaded when the server starts.
 *
 * <pre>{@code
 * PskSessions sessions =
 *     PskSessions.of(config, store).keptIn(SessionFile.of(Path.of("sessions"), store));
 * DTLSConnector connector = new PskServerConnector(sessions);
 * }</pre>
 *
 * <ul>
 *   <li>It is <strong>sealed</strong>: AES-256-GCM, with a key of its own that the store seals.
 *   <li>It is loaded <strong>once</strong>: the store remembers on disk that it was, before any of
 *       its sessions is used. A copy of it is refused then, and so is a copy of an older one, or of
 *       another store's. What is refused is never used in part.
 *   <li>After a server was killed, the numbers of its records go on 2<sup>32</sup> behind those of
 *       the snapshot, so that no nonce is used twice. A session that has come to 2<sup>47</sup> is
 *       not loaded: its device makes a handshake.
 *   <li>Loaded sessions are compared with the store: those of retired credentials end.
 *   <li>When it has been loaded, it is overwritten and deleted.
 * </ul>
 *
 * <p>What a device sent between a snapshot and the moment at which the server was killed can be
 * delivered once more by somebody who has recorded it, until the device has sent 64 records to the
 * new server. After a server has stopped by itself, nothing can.
 *
 * <p>Beside it lie files with {@code .lock} and, if it was refused, {@code .refused} appended to
 * its name: two servers that run at a time cannot use the same one.
 */
public final class SessionFile {
  /** How often a snapshot is saved unless set otherwise. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(5);

  private final Path path;
  private final SessionLedger ledger;
  private final Duration interval;

  private SessionFile(Path path, SessionLedger ledger, Duration interval) {
    this.path = path;
    this.ledger = ledger;
    this.interval = interval;
  }

  /**
   * Describes a file of a server's sessions.
   *
   * @param path of the file, which need not exist; its folder must, and be writable
   * @param credentials the server's, in a database or a mirror of one
   * @return the file
   * @throws IllegalArgumentException if the credentials are in memory only: nothing could seal the
   *     file, or remember that it was loaded
   */
  public static SessionFile of(Path path, PskLookup credentials) {
    return new SessionFile(
        path.toAbsolutePath(),
        credentials
            .sessionLedger()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "sessions can be saved only with credentials in a database, whose sealing"
                            + " key seals them and which remembers that they were loaded; these"
                            + " have no sealing key: "
                            + credentials.getClass().getSimpleName())),
        DEFAULT_INTERVAL);
  }

  /**
   * Returns the same file with snapshots at another interval.
   *
   * @param time from one to the next; 0 for none, so that the sessions of a server that is killed
   *     are lost
   * @return a new description
   */
  public SessionFile snapshotsEvery(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a time that is not negative is needed: " + time);
    }
    return new SessionFile(path, ledger, Objects.requireNonNull(time, "time"));
  }

  Path path() {
    return path;
  }

  SessionLedger ledger() {
    return ledger;
  }

  Duration interval() {
    return interval;
  }

  /**
   * Describes the file.
   *
   * @return its path
   */
  @Override
  public String toString() {
    return path.toString();
  }
}
