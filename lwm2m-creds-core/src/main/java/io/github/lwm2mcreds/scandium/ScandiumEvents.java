// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.FailedHandshakes.Slowed;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLog;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.californium.scandium.dtls.Connection;

/** What a server's DTLS logs, whether somebody listens or not. */
final class ScandiumEvents {
  /** How it came out that a session had to end. */
  enum Ended {
    /** Its credential was retired. */
    RETIRED,
    /** It was compared with the store. */
    COMPARED,
    /** It was saved, and compared with the store when it was loaded. */
    NOT_LOADED
  }

  /** Which connection had to go for another. */
  enum Displaced {
    /** The oldest handshake, as too many were under way. */
    HANDSHAKE,
    /** The session used least recently, as there were too many. */
    SESSION,
    /** A peer's older session, which is what happens when a device connects again. */
    REPLACED
  }

  private static final String PEER = "peer";
  private static final String IDENTITY = "identity";

  private static final String ONE_NETWORK =
      "the device itself may have a wrong key, or somebody near it tries keys";
  private static final String SEVERAL_NETWORKS =
      "somebody tries keys, or several devices have this identity; its owner gets in as before;"
          + " rotate the key if it may be known";

  private ScandiumEvents() {}

  /** Returns a report that is logged before it is made. */
  static Consumer<HandshakeRefusal> logging(Consumer<HandshakeRefusal> report) {
    Objects.requireNonNull(report, "report");
    return refusal -> {
      refused(refusal);
      report.accept(refusal);
    };
  }

  private static void refused(HandshakeRefusal refusal) {
    EventLog.log(
        Event.HANDSHAKE_REFUSED,
        refusal.reason(),
        line -> {
          line.put(PEER, refusal.peer().orElse(null));
          if (!refusal.pskIdentity().isEmpty()) {
            line.putEscaped(IDENTITY, refusal.pskIdentity());
          }
          if (!refusal.hint().isEmpty()) {
            line.putEscaped("hint", refusal.hint());
          }
        });
  }

  /** Logs why a handshake gets no key. */
  static void lookupFailed(PskIdentity identity, Throwable failure) {
    EventLog.log(
        Event.KEY_LOOKUP_FAILED,
        line -> line.putEscaped(IDENTITY, identity.toString()).failure(failure));
  }

  /** Logs that a connection had to go for want of room; not that a device connected again. */
  static void displaced(
      Displaced kind, InetSocketAddress address, Principal peer, ConnectionLimits limits) {
    if (kind == Displaced.REPLACED) {
      return;
    }
    EventLog.log(
        Event.CONNECTION_DISPLACED,
        kind,
        line -> {
          line.put(PEER, address);
          if (peer != null) {
            line.put(IDENTITY, peer.getName());
          }
          line.put("limit", kind == Displaced.SESSION ? limits.sessions() : limits.handshakes());
        });
  }

  /** Logs that what a peer sent was dropped, as too many handshakes before had failed. */
  static void slowed(Slowed kind, InetSocketAddress peer, byte[] identity) {
    EventLog.log(
        Event.HANDSHAKE_SLOWED,
        kind,
        line -> {
          line.put(PEER, peer);
          if (identity != null) {
            line.put(IDENTITY, new String(identity, StandardCharsets.UTF_8));
          }
        });
  }

  /** Logs with which identity many handshakes fail. */
  static void underAttack(PskIdentity identity, int failures, int networks) {
    EventLog.log(
        Event.IDENTITY_UNDER_ATTACK,
        line ->
            line.putEscaped(IDENTITY, identity.toString())
                .put("failures", failures)
                .put("networks", networks)
                .put("hint", networks == 1 ? ONE_NETWORK : SEVERAL_NETWORKS));
  }

  static void ended(Ended how, InetSocketAddress peer, Principal session) {
    EventLog.log(
        Event.SESSION_ENDED, how, line -> line.put(PEER, peer).put(IDENTITY, session.getName()));
  }

  static void ended(Ended how, Connection connection) {
    ended(how, connection.getPeerAddress(), connection.getEstablishedPeerIdentity());
  }

  /** Logs that a node believes whoever reaches its cluster address. */
  static void notAuthenticated(ClusterNode node) {
    EventLog.log(
        Event.CLUSTER_NOT_AUTHENTICATED,
        line -> line.put("node", node.id()).put("address", node.address()));
  }

  /** Logs that something came to a node's cluster address that no node has sent. */
  static void forged(InetSocketAddress sender) {
    EventLog.log(Event.CLUSTER_DATAGRAM_REFUSED, line -> line.put(PEER, sender));
  }
}
