// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;

/**
 * Slows down peers whose handshakes fail: what they send is dropped before it costs much, and let
 * through again as time passes. A device that sends its flight again gets in later, unless somebody
 * behind its own address goes on to fail with its identity.
 *
 * <ul>
 *   <li>A failure counts only after the peer has proved its address by a cookie.
 *   <li>An identity is slowed down for the peer that fails with it, not for its owner elsewhere.
 *       Whether a credential has it makes no difference. A ClientKeyExchange in fragments does not
 *       tell it in time: all those of a peer are counted together.
 *   <li>A network is slowed down by dropping some of its ClientHellos: the more it owes, the more
 *       of them, up to 15 of 16. That hits all its devices, and a good one may need several tries.
 *       A handshake that succeeds makes up for one that fails.
 *   <li>Where many fail in all, each counts several times for its network, as a flood may come from
 *       many networks.
 * </ul>
 *
 * <p>Who owes what is in a table of fixed size.
 */
final class FailedHandshakes {
  /** What has failed too often. */
  enum Slowed {
    /** Handshakes from a network. */
    NETWORK,
    /** Handshakes of a peer with an identity. */
    IDENTITY
  }

  /** How many failures a network may have at once before it is slowed down. */
  static final int NETWORK_BURST = 100;

  static final int IDENTITY_BURST = 10;

  /** One of so many ClientHellos is let through, whatever its network owes. */
  private static final int LEAST_CHANCE = 16;

  /** How often a failure counts for its network when there are very many in all. */
  static final int MAX_WEIGHT = 64;

  /** What one failure of all adds: 500 a second are no flood. */
  private static final int MILLIS_OF_ALL = 2;

  private static final int MOST_OF_ALL = 2000;

  /** What one failure of an identity adds, wherever it comes from: 20 a minute are no attack. */
  private static final int MILLIS_OF_ATTACK = 3000;

  private static final int MOST_OF_ATTACK = 60_000;
  private static final int SUSPICIOUS = 5 * MILLIS_OF_ATTACK;

  /** Keys of the table are hashes that begin with one of these. */
  private static final int NETWORK = 0;

  private static final int IDENTITY_OF_PEER = 1;
  private static final int IDENTITY = 2;
  private static final int ALL = 3;
  private static final int HELLO = 4;
  private static final int FRAGMENTED = 5;

  /** Reasons for which the peer is not to blame, or which do not need its true address. */
  private static final Set<Reason> NOT_COUNTED =
      EnumSet.of(Reason.STORE_FAILED, Reason.FRAGMENTED_CLIENT_HELLO, Reason.UNSUPPORTED_VERSION);

  private static final int RANDOM_AT = 27;
  private static final int RANDOM_LENGTH = 32;

  private final KeyedHash hash = new KeyedHash();
  private final Debts debts = new Debts();
  private final AttackedIdentities attacked = new AttackedIdentities();
  private final Counts<Slowed> slowed = new Counts<>(Slowed.class);
  private final LongSupplier nanoTime;
  private final long start;
  private final int networkMillis;
  private final int identityMillis;

  /**
   * Makes one that knows of no failure.
   *
   * @param hasCookies whether peers prove their addresses; if not, nobody is slowed down
   */
  FailedHandshakes(ConnectionLimits limits, boolean hasCookies, LongSupplier nanoTime) {
    this.networkMillis = hasCookies ? millis(limits.networkFailures()) : 0;
    this.identityMillis = hasCookies ? millis(limits.identityFailures()) : 0;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  private static int millis(int perMinute) {
    return perMinute == 0 ? 0 : (int) TimeUnit.MINUTES.toMillis(1) / perMinute;
  }

  private long now() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - start);
  }

  Counts<Slowed> slowed() {
    return slowed;
  }

  int underAttack() {
    return attacked.size(now());
  }

  /** Whether to answer a datagram that begins with a ClientHello, which anybody may have sent. */
  boolean admitsHello(DatagramPacket packet) {
    if (networkMillis == 0) {
      return true;
    }
    InetSocketAddress peer = (InetSocketAddress) packet.getSocketAddress();
    long free = NETWORK_BURST / 2 * (long) networkMillis;
    long tooMuch = Math.min(owedByNetwork(peer) - free, free - free / LEAST_CHANCE);
    if (tooMuch <= 0 || draw(packet, free) >= tooMuch) {
      return true;
    }
    slowed.count(Slowed.NETWORK);
    ScandiumEvents.slowed(Slowed.NETWORK, peer, null);
    return false;
  }

  /** Returns for how many milliseconds a peer's network has to be quiet until it owes nothing. */
  long owedByNetwork(InetSocketAddress peer) {
    return debts.owed(hash.of(NETWORK, Network.of(peer)), now());
  }

  /**
   * Draws a number below a bound. A client has the same luck with both of its ClientHellos, which
   * have the same random bytes, and other luck when it sends them again.
   */
  private long draw(DatagramPacket packet, long bound) {
    int at = ReceivedHello.firstRecordAt(packet) + RANDOM_AT;
    if (packet.getOffset() + packet.getLength() < at + RANDOM_LENGTH) {
      return 0;
    }
    long drawn = hash.of(HELLO, now() >>> 10, packet.getData(), at, RANDOM_LENGTH);
    return (drawn >>> 1) % bound;
  }

  /**
   * Whether to look for the key of an identity that a peer claims.
   *
   * @param message a whole ClientKeyExchange message
   * @param at where the length of the identity is
   */
  boolean admitsIdentity(byte[] message, int at, InetSocketAddress peer) {
    int length = Math.min(message.length - at, lengthAt(message, at) + 2) - 2;
    if (identityMillis == 0 || length < 0) {
      return true;
    }
    long key = hash.of(IDENTITY_OF_PEER, Network.ofPeer(peer), message, at + 2, length);
    if (mayFail(key)) {
      return true;
    }
    slowed.count(Slowed.IDENTITY);
    ScandiumEvents.slowed(
        Slowed.IDENTITY, peer, Arrays.copyOfRange(message, at + 2, at + 2 + length));
    return false;
  }

  /**
   * Whether to take the first fragment of a ClientKeyExchange. It need not tell the identity: the
   * rest may come in other fragments, which overlap it and may have come before. So each counts at
   * once, as a failure of one identity that all such have, and a handshake of the peer that
   * succeeds makes up for one.
   */
  boolean admitsFragment(InetSocketAddress peer) {
    if (identityMillis == 0) {
      return true;
    }
    long key = hash.of(FRAGMENTED, Network.ofPeer(peer));
    if (mayFail(key)) {
      debts.add(key, now(), identityMillis, IDENTITY_BURST * (long) identityMillis);
      return true;
    }
    slowed.count(Slowed.IDENTITY);
    ScandiumEvents.slowed(Slowed.IDENTITY, peer, null);
    return false;
  }

  private boolean mayFail(long key) {
    return debts.owed(key, now()) <= (IDENTITY_BURST - 1) * (long) identityMillis;
  }

  private static int lengthAt(byte[] message, int at) {
    return at + 1 < message.length ? (message[at] & 0xff) << Byte.SIZE | message[at + 1] & 0xff : 0;
  }

  /**
   * Counts a handshake that failed.
   *
   * @param claimed the identity, or null if it did not get that far
   */
  void failed(InetSocketAddress peer, PskPublicInformation claimed, Reason reason) {
    if (peer == null || NOT_COUNTED.contains(reason)) {
      return;
    }
    long now = now();
    long network = Network.of(peer);
    if (networkMillis > 0) {
      long ofAll = debts.add(hash.of(ALL, 0), now, MILLIS_OF_ALL, MOST_OF_ALL);
      long most = NETWORK_BURST * (long) networkMillis;
      debts.add(hash.of(NETWORK, network), now, weighed(ofAll), most);
    }
    if (claimed != null) {
      failed(claimed.getBytes(), peer, network, reason, now);
    }
  }

  /** Returns what a failure adds to a network's debts, or a success takes off. */
  private long weighed(long ofAll) {
    long half = MOST_OF_ALL / 2;
    return networkMillis + networkMillis * (MAX_WEIGHT - 1) * Math.max(0, ofAll - half) / half;
  }

  private void failed(
      byte[] identity, InetSocketAddress peer, long network, Reason reason, long now) {
    if (identityMillis > 0) {
      long most = IDENTITY_BURST * (long) identityMillis;
      debts.add(identityOf(peer, identity), now, identityMillis, most);
    }
    if (reason == Reason.WRONG_KEY) {
      long key = hash.of(IDENTITY, 0, identity, 0, identity.length);
      if (debts.add(key, now, MILLIS_OF_ATTACK, MOST_OF_ATTACK) >= SUSPICIOUS) {
        attacked.failed(PskIdentity.ofBytes(identity), network, now);
      }
    }
  }

  private long identityOf(InetSocketAddress peer, byte[] identity) {
    return hash.of(IDENTITY_OF_PEER, Network.ofPeer(peer), identity, 0, identity.length);
  }

  /**
   * Counts a handshake that succeeded.
   *
   * @param proved the identity, or null if it resumed a session or was of another mode
   */
  void succeeded(InetSocketAddress peer, PskPublicInformation proved) {
    if (peer == null) {
      return;
    }
    long now = now();
    long network = hash.of(NETWORK, Network.of(peer));
    if (debts.owed(network, now) > 0) {
      debts.add(network, now, -weighed(debts.owed(hash.of(ALL, 0), now)), Long.MAX_VALUE);
    }
    if (proved != null) {
      long all = IDENTITY_BURST * (long) identityMillis;
      debts.add(identityOf(peer, proved.getBytes()), now, -all, all);
      debts.add(hash.of(FRAGMENTED, Network.ofPeer(peer)), now, -identityMillis, all);
    }
  }
}
