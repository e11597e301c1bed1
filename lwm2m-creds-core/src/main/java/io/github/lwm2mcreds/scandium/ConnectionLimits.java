// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/**
 * How many connections a server keeps, and how many handshakes may fail. Immutable.
 *
 * <p>A device that proves its key is never turned away for want of room:
 *
 * <ul>
 *   <li>A new session of an identity ends the older ones of the same identity and key, the oldest
 *       first, so that one device cannot take the room of others. While a key is rotated, a device
 *       may have a session of each key.
 *   <li>If there are as many sessions as may be, a new one ends the session that was used least
 *       recently. Its device makes a handshake again when it has something to send.
 *   <li>Handshakes under way are counted apart, so that peers that prove nothing push out nobody
 *       who has. If there are too many, a new one ends the oldest: that of its own network (an IPv4
 *       /24 or an IPv6 /64) if that has more than its share, or else the oldest of all.
 * </ul>
 *
 * <p>Peers whose handshakes fail are slowed down: what they send is dropped, and let through again
 * as time passes. A device that sends its messages again, as DTLS has it, gets in later. This needs
 * HelloVerifyRequest, since addresses may be forged without it.
 *
 * <ul>
 *   <li>A network that has more failures than it may loses some of its ClientHello messages, at
 *       most 15 of 16. This hits all its devices, those behind the same address too: while others
 *       go on to fail there, a good device may need several tries. Each handshake that succeeds
 *       makes up for one that fails, so a network with many good devices stands some bad ones. In a
 *       flood, when more than 500 fail a second in all, a network may have fewer, down to a 64th.
 *   <li>An identity that fails too often is slowed down for the IPv4 address or the IPv6 /64 that
 *       fails with it. This does not hit its owner anywhere else, however many peers claim its
 *       identity. Somebody behind the owner's own address can delay the owner for as long as he
 *       goes on. Identities in fragments are counted as one for each address.
 * </ul>
 */
public final class ConnectionLimits {
  /** What is set aside of the heap for a handshake under way, with its messages and timers. */
  private static final long HANDSHAKE_BYTES = 8192;

  /** Of the heap, for a session; the benchmarks find that it takes less than half of that. */
  private static final long SESSION_BYTES = 4096;

  private static final int MIN_SESSIONS = 1000;
  private static final int MAX_SESSIONS = 100_000_000;
  private static final int MIN_HANDSHAKES = 500;
  private static final int MAX_HANDSHAKES = 1_000_000;

  private static final int NETWORK_FAILURES = 600;
  private static final int IDENTITY_FAILURES = 20;
  private static final int MAX_FAILURES = 60_000;

  private final int sessions;
  private final int handshakes;
  private final int sessionsPerIdentity;
  private final int networkFailures;
  private final int identityFailures;

  private ConnectionLimits(
      int sessions,
      int handshakes,
      int sessionsPerIdentity,
      int networkFailures,
      int identityFailures) {
    this.sessions = positive("sessions", sessions);
    this.handshakes = positive("handshakes", handshakes);
    this.sessionsPerIdentity = positive("sessions per identity", sessionsPerIdentity);
    this.networkFailures = failures(networkFailures);
    this.identityFailures = failures(identityFailures);
  }

  private static int failures(int perMinute) {
    if (perMinute < 0 || perMinute > MAX_FAILURES) {
      throw new IllegalArgumentException(
          "limit of failures a minute must be 0 to " + MAX_FAILURES + ", not " + perMinute);
    }
    return perMinute;
  }

  private static int positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("limit of " + what + " must be at least 1, not " + value);
    }
    return value;
  }

  /**
   * Returns the limits of a server with a configuration.
   *
   * @param config whose {@link DtlsConfig#DTLS_MAX_CONNECTIONS} is the limit of sessions
   * @return that limit; as many handshakes as a sixteenth of the heap has room for; one session for
   *     each identity and key; 600 failures a minute for each network, and 20 for each identity and
   *     peer
   */
  public static ConnectionLimits of(DtlsConnectorConfig config) {
    return of(config.getConfiguration());
  }

  /**
   * Returns the limits of a server with a configuration, as above.
   *
   * @param configuration with {@link DtlsConfig}'s definitions
   * @return the limits
   */
  public static ConnectionLimits of(Configuration configuration) {
    return new ConnectionLimits(
        configuration.get(DtlsConfig.DTLS_MAX_CONNECTIONS),
        handshakesOfHeap(),
        1,
        NETWORK_FAILURES,
        IDENTITY_FAILURES);
  }

  /** As many as the whole heap would have room for at {@link #SESSION_BYTES}. */
  static int sessionsOfHeap() {
    return clamp(Runtime.getRuntime().maxMemory() / SESSION_BYTES, MIN_SESSIONS, MAX_SESSIONS);
  }

  private static int handshakesOfHeap() {
    long fitting = Runtime.getRuntime().maxMemory() / 16 / HANDSHAKE_BYTES;
    return clamp(fitting, MIN_HANDSHAKES, MAX_HANDSHAKES);
  }

  private static int clamp(long value, int least, int most) {
    return (int) Math.max(least, Math.min(value, most));
  }

  /**
   * Returns limits with another number of sessions.
   *
   * @param limit at least 1
   * @return new limits
   */
  public ConnectionLimits withSessions(int limit) {
    return new ConnectionLimits(
        limit, handshakes, sessionsPerIdentity, networkFailures, identityFailures);
  }

  /**
   * Returns limits with another number of handshakes under way.
   *
   * @param limit at least 1. With fewer than arrive in the time that a handshake takes, slow
   *     devices do not get in
   * @return new limits
   */
  public ConnectionLimits withHandshakes(int limit) {
    return new ConnectionLimits(
        sessions, limit, sessionsPerIdentity, networkFailures, identityFailures);
  }

  /**
   * Returns limits with another number of sessions of one identity and key.
   *
   * @param limit at least 1; more where several devices have one identity, or a device has several
   *     sessions
   * @return new limits
   */
  public ConnectionLimits withSessionsPerIdentity(int limit) {
    return new ConnectionLimits(sessions, handshakes, limit, networkFailures, identityFailures);
  }

  /**
   * Returns limits with another number of handshakes that may fail from one network.
   *
   * @param perMinute 0 to 60,000, in the long run; 50 to 100 may fail at once. 0 slows no network
   *     down
   * @return new limits
   */
  public ConnectionLimits withNetworkFailures(int perMinute) {
    return new ConnectionLimits(
        sessions, handshakes, sessionsPerIdentity, perMinute, identityFailures);
  }

  /**
   * Returns limits with another number of handshakes that may fail with one identity from one peer.
   *
   * @param perMinute 0 to 60,000, in the long run; 10 may fail at once. 0 slows no identity down
   * @return new limits
   */
  public ConnectionLimits withIdentityFailures(int perMinute) {
    return new ConnectionLimits(
        sessions, handshakes, sessionsPerIdentity, networkFailures, perMinute);
  }

  /**
   * Returns how many sessions there may be.
   *
   * @return at least 1
   */
  public int sessions() {
    return sessions;
  }

  /**
   * Returns how many handshakes may be under way.
   *
   * @return at least 1
   */
  public int handshakes() {
    return handshakes;
  }

  /**
   * Returns how many sessions there may be of one identity and key.
   *
   * @return at least 1
   */
  public int sessionsPerIdentity() {
    return sessionsPerIdentity;
  }

  /**
   * Returns how many handshakes a minute may fail from one network before it is slowed down.
   *
   * @return 0 if no network is slowed down
   */
  public int networkFailures() {
    return networkFailures;
  }

  /**
   * Returns how many handshakes a minute may fail with one identity from one peer before these are
   * slowed down.
   *
   * @return 0 if no identity is slowed down
   */
  public int identityFailures() {
    return identityFailures;
  }

  @Override
  public String toString() {
    return sessions
        + " sessions, "
        + sessionsPerIdentity
        + " of each identity, and "
        + handshakes
        + " handshakes; a minute, "
        + networkFailures
        + " failures of a network and "
        + identityFailures
        + " of an identity";
  }
}
