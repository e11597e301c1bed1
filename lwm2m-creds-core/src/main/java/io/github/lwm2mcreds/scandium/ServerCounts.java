// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.FailedHandshakes.Slowed;
import io.github.lwm2mcreds.scandium.ScandiumEvents.Displaced;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a server has done since it was made, in numbers. Each is read at the moment of the call;
 * reading costs the server nothing. The package {@code io.github.lwm2mcreds.metrics} makes meters
 * of them.
 */
public final class ServerCounts {
  /** Where the key for a handshake came from. */
  public enum LookupSource {
    /** The store had it at once. */
    MEMORY,
    /** The store did not have it at once, and found it when it looked further. */
    DATABASE,
    /** No credential has the identity, or its key does not open. */
    NONE,
    /** The store failed. */
    FAILED
  }

  private final PskConnections connections;
  private final Counts<LookupSource> lookups;
  private final HandshakeRefusalListener refusals;
  private final FailedHandshakes failed;

  private final SessionFileCounts file = new SessionFileCounts();
  private volatile boolean keepsSessions;

  final LongAdder sentInCluster = new LongAdder();
  final LongAdder forged = new LongAdder();
  final LongAdder full = new LongAdder();
  final LongAdder resumed = new LongAdder();
  final Counts<Displaced> displaced = new Counts<>(Displaced.class);

  ServerCounts(
      PskConnections connections,
      Counts<LookupSource> lookups,
      HandshakeRefusalListener refusals,
      FailedHandshakes failed) {
    this.connections = connections;
    this.lookups = lookups;
    this.refusals = refusals;
    this.failed = failed;
  }

  /**
   * Counts the handshakes that made a new session.
   *
   * @return those that were established; not the sessions that were loaded
   */
  public long fullHandshakes() {
    return full.sum();
  }

  /**
   * Counts the handshakes that resumed a session.
   *
   * @return those that were established
   */
  public long resumedHandshakes() {
    return resumed.sum();
  }

  /**
   * Counts the handshakes that were aborted because their credential was retired meanwhile, or may
   * have been.
   *
   * @return those that were under way then; not those that were refused before
   */
  public long abortedHandshakes() {
    return retired().handshakes() + swept().handshakes();
  }

  /**
   * Counts the handshakes that were refused.
   *
   * @param reason why they were
   * @return how many were or are about to be reported
   */
  public long refusedHandshakes(HandshakeRefusal.Reason reason) {
    return refusals.refused(reason);
  }

  /**
   * Counts the refused handshakes with a wrong key or an unknown identity that were not looked
   * into, since there were too many.
   *
   * @return how many of {@link #refusedHandshakes} were reported without looking for a diagnosis
   */
  public long undiagnosedHandshakes() {
    return refusals.undiagnosed();
  }

  /**
   * Counts the ClientHello messages that were dropped since too many handshakes from their networks
   * had failed.
   *
   * @return one or two for each handshake; see {@link ConnectionLimits#networkFailures}
   */
  public long slowedNetworks() {
    return failed.slowed().of(Slowed.NETWORK);
  }

  /**
   * Counts the ClientKeyExchange messages that were dropped since too many handshakes of the same
   * peer with the same identity had failed.
   *
   * @return those messages; see {@link ConnectionLimits#identityFailures}
   */
  public long slowedIdentities() {
    return failed.slowed().of(Slowed.IDENTITY);
  }

  /**
   * Returns how many identities of credentials were reported to be under attack within the last
   * minute: in that time, 20 handshakes or more with another key had claimed each of them.
   *
   * @return the number now, 256 at most
   */
  public int identitiesUnderAttack() {
    return failed.underAttack();
  }

  /**
   * Counts the keys that handshakes asked for.
   *
   * @param source where they came from
   * @return how many; 0 if the connector has no {@link ScandiumPskStore}
   */
  public long lookups(LookupSource source) {
    return lookups.of(source);
  }

  /**
   * Counts the sessions that were ended because their credential was reported as retired.
   *
   * @return those that were ended soon after
   */
  public long sessionsRetired() {
    return retired().sessions();
  }

  /**
   * Counts the sessions that were ended by {@linkplain PskServerConnector#sweep comparing} them
   * with the store.
   *
   * @return those for which no report came, or which were ended before it came
   */
  public long sessionsSwept() {
    return swept().sessions();
  }

  private ConnectionPass.Totals retired() {
    return connections.terminator().totals();
  }

  private ConnectionPass.Totals swept() {
    return connections.terminator().sweeps().totals();
  }

  /**
   * Counts the handshakes under way that were ended because there were too many.
   *
   * @return those whose peer had proved no key yet; see {@link ConnectionLimits#handshakes}
   */
  public long displacedHandshakes() {
    return displaced.of(Displaced.HANDSHAKE);
  }

  /**
   * Counts the sessions that were ended because there were too many.
   *
   * @return those that were used least recently; see {@link ConnectionLimits#sessions}
   */
  public long displacedSessions() {
    return displaced.of(Displaced.SESSION);
  }

  /**
   * Counts the sessions that were ended by a newer one of the same identity and key.
   *
   * @return those of devices that connected again; see {@link ConnectionLimits#sessionsPerIdentity}
   */
  public long replacedSessions() {
    return displaced.of(Displaced.REPLACED);
  }

  /**
   * Returns how many connections there are, with a session or in a handshake.
   *
   * @return the number now
   */
  public int connections() {
    return connections.size();
  }

  /**
   * Returns how many of the connections have no session yet.
   *
   * @return the number now
   */
  public int handshakesUnderWay() {
    return connections.handshakesUnderWay();
  }

  /**
   * Returns how many more sessions there is room for. After that, each new one takes the place of
   * the one that was used least recently.
   *
   * @return the number now
   */
  public int connectionsLeft() {
    return connections.remainingCapacity();
  }

  /** Notes that sessions are kept in a file, and returns the counts for it. */
  SessionFileCounts keepsSessions() {
    keepsSessions = true;
    return file;
  }

  /**
   * Returns whether the sessions are kept in a file while the server does not run.
   *
   * @return whether it has a {@link SessionFile}; without one, all numbers of it are 0
   */
  public boolean hasSessionFile() {
    return keepsSessions;
  }

  /**
   * Counts how often the sessions were saved.
   *
   * @return snapshots, and what was saved when the server stopped
   */
  public long sessionSaves() {
    return file.saves.sum();
  }

  /**
   * Returns the last time that the sessions were saved.
   *
   * @return empty before the first
   */
  public Optional<SavedSessions> lastSessionSave() {
    return Optional.ofNullable(file.last);
  }

  /**
   * Counts how often the sessions could not be saved, or not as they should.
   *
   * @return the number of {@code sessions-not-saved} events
   */
  public long failedSessionSaves() {
    return file.failed.sum();
  }

  /**
   * Counts the files of sessions that were refused or could not be read when the server started.
   *
   * @return the number of {@code sessions-not-loaded} events
   */
  public long refusedSessionFiles() {
    return file.refused.sum();
  }

  /**
   * Counts the sessions that were loaded from a file and go on.
   *
   * @return those of all starts
   */
  public long sessionsLoaded() {
    return file.restored.sum();
  }

  /**
   * Counts the sessions that were in a file and do not go on.
   *
   * @return those whose credential was retired meanwhile, or whose numbers are used up
   */
  public long sessionsNotLoaded() {
    return file.dropped.sum();
  }

  /**
   * Counts what a node has sent to other nodes of its cluster.
   *
   * @return records of their devices, and answers to devices that are reached through them; 0 for a
   *     server that is no {@link PskClusterConnector}
   */
  public long sentInCluster() {
    return sentInCluster.sum();
  }

  /**
   * Counts what came to a node's cluster address and was not sent by a node of its cluster.
   *
   * @return datagrams without the right MAC; 0 for a server that is no {@link PskClusterConnector}
   */
  public long refusedClusterDatagrams() {
    return forged.sum();
  }
}
