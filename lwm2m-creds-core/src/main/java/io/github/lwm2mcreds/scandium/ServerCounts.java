// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

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

  final LongAdder full = new LongAdder();
  final LongAdder resumed = new LongAdder();
  final LongAdder turnedAway = new LongAdder();

  ServerCounts(
      PskConnections connections, Counts<LookupSource> lookups, HandshakeRefusalListener refusals) {
    this.connections = connections;
    this.lookups = lookups;
    this.refusals = refusals;
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
   * Counts the attempts to connect that were turned away because there was no room, and no
   * connection was stale.
   *
   * @return the number of ClientHello messages; a device sends many
   */
  public long turnedAway() {
    return turnedAway.sum();
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
   * Returns how many more connections there is room for. After that, each new one takes the place
   * of a stale one, or is turned away.
   *
   * @return the number now
   */
  public int connectionsLeft() {
    return connections.remainingCapacity();
  }
}
