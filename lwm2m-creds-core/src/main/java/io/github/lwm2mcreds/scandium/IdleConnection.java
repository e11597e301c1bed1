// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Arrays;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.SessionId;

/**
 * A connection that nobody uses at present. It is first put aside as it is, for as long as anybody
 * may still have it in hand, and then kept as the {@linkplain SavedConnection bytes} that are saved
 * of it, which take a fifth of the memory. The keys are then in one place only: in these bytes. Not
 * safe for use by several threads: the connections' lock is held.
 */
final class IdleConnection {
  /** Where a saved connection has the time of its last message: behind a header and a flag. */
  private static final int LAST_MESSAGE_AT = 4;

  private final ConnectionId id;
  private final InetSocketAddress address;
  private final SessionId session;
  private final Principal peer;

  /** The connection, or its bytes. */
  private Object content;

  /** Its neighbours in the order in which connections were put aside. */
  IdleConnection before;

  IdleConnection after;

  IdleConnection(Connection connection) {
    this.id = connection.getConnectionId();
    this.address = connection.getPeerAddress();
    this.session = connection.getEstablishedSessionIdentifier();
    this.peer = connection.getEstablishedPeerIdentity();
    this.content = connection;
  }

  /** Whether nothing is lost where a connection is kept as its bytes, and nothing is under way. */
  static boolean mayBe(Connection connection) {
    return connection.isExecuting() && mayBeLoaded(connection);
  }

  /** As above, for one that no connector has yet. */
  static boolean mayBeLoaded(Connection connection) {
    DTLSContext context = connection.getEstablishedDtlsContext();
    return context != null
        && !connection.hasOngoingHandshake()
        && connection.getStartNanos() == null // or the connector has it in a list for minutes
        && !context.isMarkedAsClosed()
        && context.getReadEpoch() == 1
        && context.getWriteEpoch() == 1
        && connection.getRootCauseAlert() == null
        && connection.getFilterData() == null
        && connection.getRouter() == null
        && context.getThreadLocalClusterReadMac() == null
        && context.getThreadLocalClusterWriteMac() == null
        && !context.getSession().getSessionIdentifier().isEmpty()
        && SessionCredential.checkValue(connection.getEstablishedPeerIdentity()).isPresent();
  }

  /** Returns a copy of what was saved, with the time of the last message by another clock. */
  static byte[] savedAt(byte[] bytes, long lastMessageNanos) {
    byte[] copy = bytes.clone();
    ByteBuffer.wrap(copy).putLong(LAST_MESSAGE_AT, lastMessageNanos);
    return copy;
  }

  ConnectionId id() {
    return id;
  }

  /** Null if another connection has taken the address. */
  InetSocketAddress address() {
    return address;
  }

  SessionId session() {
    return session;
  }

  Principal peer() {
    return peer;
  }

  /** Returns the connection while it is kept as it is; else null. */
  Connection connection() {
    return content instanceof Connection connection ? connection : null;
  }

  long lastMessageNanos() {
    return content instanceof byte[] bytes
        ? ByteBuffer.wrap(bytes).getLong(LAST_MESSAGE_AT)
        : connection().getLastMessageNanos();
  }

  /**
   * Keeps the bytes instead of the connection, which is left without keys: whoever has it all the
   * same finds no session in it. To be called in the connection's turn, as no one may be in the
   * middle of a record.
   */
  void freeze(byte[] bytes) {
    Connection connection = connection();
    content = bytes;
    connection.resetContext();
  }

  /** Returns a copy of what is saved, for the caller to wipe; null if it is kept as it is. */
  byte[] copyOfBytes() {
    return content instanceof byte[] bytes ? bytes.clone() : null;
  }

  /** Returns the connection, made of its bytes if it was kept so; these are wiped. */
  Connection take() {
    if (content instanceof Connection connection) {
      return connection;
    }
    byte[] bytes = (byte[]) content;
    Connection connection = Connection.fromReader(new DatagramReader(bytes, false), 0);
    connection.setEstablishedPeerIdentity(peer); // with all that is known of it
    wipe();
    return connection;
  }

  /** Leaves no keys, neither in the bytes nor in the connection. */
  void destroy() {
    wipe();
    if (content instanceof Connection connection && connection.hasEstablishedDtlsContext()) {
      connection.resetContext();
    }
  }

  /** Wipes the bytes if it is kept so; a connection that is kept as it is stays so. */
  void wipe() {
    if (content instanceof byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
