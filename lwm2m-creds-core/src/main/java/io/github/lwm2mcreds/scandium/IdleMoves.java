// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.californium.elements.util.LeastRecentlyUpdatedCache;
import org.eclipse.californium.elements.util.SerialExecutor;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.SessionId;

/**
 * Moves connections from those in use to those that are {@linkplain IdleConnection idle}, and back.
 * Each is in one of both places at any time, so that whoever looks for it in the first and then in
 * the second finds it, and everybody gets the same.
 */
final class IdleMoves {
  /** Is among the addresses until all connections are dropped at once, of which nobody is told. */
  private static final InetSocketAddress MARK = InetSocketAddress.createUnresolved("idle", 0);

  private final LeastRecentlyUpdatedCache<ConnectionId, Connection> connections;
  private final Map<InetSocketAddress, Connection> byAddress;

  /** Null if sessions to resume come from a store. */
  private final Map<SessionId, Connection> bySession;

  private final IdleConnections idle = new IdleConnections();
  private volatile ExecutorService executor;
  private volatile ConnectionListener listener;

  IdleMoves(
      LeastRecentlyUpdatedCache<ConnectionId, Connection> connections,
      Map<InetSocketAddress, Connection> byAddress,
      Map<SessionId, Connection> bySession) {
    this.connections = connections;
    this.byAddress = byAddress;
    this.bySession = bySession;
  }

  /**
   * Sets what runs the connections from now on. None goes on with what ran them before, as one that
   * was woken while the server stopped would.
   */
  void setExecutor(ExecutorService next) {
    if (next == null || next == executor) {
      return;
    }
    connections.writeLock().lock();
    try {
      executor = next;
      idle.forEach(
          each -> {
            if (each.connection() != null) {
              activate(each);
            }
          });
    } finally {
      connections.writeLock().unlock();
    }
    connections.values().forEach(Connection::shutdown); // the connector sets it anew
  }

  void setListener(ConnectionListener listener) {
    this.listener = listener;
  }

  int size() {
    int size = idle.size();
    return size == 0 || byAddress.containsKey(MARK) ? size : 0;
  }

  /** Forgets all and wipes their keys, if all connections were dropped. */
  void forgetDropped() {
    if (size() == 0 && idle.size() > 0) {
      clear();
    }
  }

  /** Forgets all and their keys, once nothing uses them any more. */
  void destroy() {
    connections.writeLock().lock();
    try {
      idle.forEach(IdleConnection::destroy);
      idle.clear();
    } finally {
      connections.writeLock().unlock();
    }
  }

  /**
   * Stops the execution of all connections, as Scandium does for those in use alone.
   *
   * @param pending to which their waiting tasks are added
   */
  void stop(List<Runnable> pending) {
    for (Object each : all()) {
      Connection connection =
          each instanceof IdleConnection aside ? asIs(aside) : (Connection) each;
      SerialExecutor serial = connection == null ? null : connection.getExecutor();
      if (serial != null) {
        serial.shutdownNow(pending);
      }
    }
  }

  private void clear() {
    connections.writeLock().lock();
    try {
      idle.clear();
    } finally {
      connections.writeLock().unlock();
    }
  }

  /** Returns the idle connection that was put aside first; the lock is held. */
  IdleConnection first() {
    return size() == 0 ? null : idle.first();
  }

  /** Puts a connection aside if nothing speaks against it; returns null if something does. */
  IdleConnection putAside(Connection connection) {
    if (!IdleConnection.mayBe(connection)) { // may wait for one that waits for the lock
      return null;
    }
    connections.writeLock().lock();
    try {
      forgetDropped();
      if (!isInUse(connection)) {
        return null;
      }
      IdleConnection aside = new IdleConnection(connection);
      if (aside.session() == null) {
        return null; // it has just ended
      }
      if (aside.address() != null && byAddress.get(aside.address()) != connection
          || bySession != null && bySession.get(aside.session()) != connection) {
        return null;
      }
      byAddress.computeIfAbsent(MARK, Connection::new);
      idle.add(aside);
      connections.remove(aside.id(), connection);
      if (aside.address() != null) {
        byAddress.remove(aside.address());
      }
      if (bySession != null) {
        bySession.remove(aside.session());
      }
      return aside;
    } finally {
      connections.writeLock().unlock();
    }
  }

  /** Makes room for about as many as will be loaded. */
  void expect(int loaded) {
    connections.writeLock().lock();
    try {
      idle.expect(loaded);
    } finally {
      connections.writeLock().unlock();
    }
  }

  /**
   * Adds one that was loaded.
   *
   * @return false if another has its id, its address or its session, and nothing was done
   */
  boolean add(IdleConnection loaded) {
    connections.writeLock().lock();
    try {
      forgetDropped();
      boolean isTaken =
          connections.get(loaded.id()) != null
              || loaded.address() != null && byAddress.containsKey(loaded.address())
              || bySession != null && bySession.containsKey(loaded.session())
              || idle.hasLike(loaded);
      if (!isTaken) {
        byAddress.computeIfAbsent(MARK, Connection::new);
        idle.add(loaded);
      }
      return !isTaken;
    } finally {
      connections.writeLock().unlock();
    }
  }

  /** Returns a connection that is put aside as it is; null if it is not any more. */
  Connection asIs(IdleConnection aside) {
    connections.readLock().lock();
    try {
      return isIdle(aside) ? aside.connection() : null;
    } finally {
      connections.readLock().unlock();
    }
  }

  /** Keeps the bytes of a connection that is put aside; to be called in the connection's turn. */
  void freeze(IdleConnection aside) {
    Connection connection = asIs(aside);
    if (connection == null) {
      return;
    }
    byte[] bytes = IdleConnection.mayBe(connection) ? SavedConnection.bytes(connection) : null;
    connections.writeLock().lock();
    try {
      boolean isIdle = isIdle(aside);
      if (isIdle && bytes != null && Objects.equals(connection.getPeerAddress(), aside.address())) {
        aside.freeze(bytes);
        return;
      }
      if (isIdle) {
        activate(aside);
      }
    } finally {
      connections.writeLock().unlock();
    }
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private boolean isIdle(IdleConnection aside) {
    return size() > 0 && idle.get(aside.id()) == aside;
  }

  private boolean isInUse(Connection connection) {
    ConnectionId id = connection.getConnectionId();
    return id != null && connections.get(id) == connection;
  }

  /** Whether a connection is there, in use or put aside as it is. */
  boolean has(Connection connection) {
    if (isInUse(connection)) {
      return true;
    }
    IdleConnection found = find(connection.getConnectionId());
    return found != null && asIs(found) == connection || isInUse(connection);
  }

  boolean isIdle(ConnectionId id) {
    return find(id) != null;
  }

  private IdleConnection find(ConnectionId id) {
    return size() == 0 || id == null ? null : locked(() -> idle.get(id));
  }

  private <T> T locked(Supplier<T> lookup) {
    connections.readLock().lock();
    try {
      return lookup.get();
    } finally {
      connections.readLock().unlock();
    }
  }

  /** Returns the peer of a connection, in use or idle; null if it is gone or has proved no key. */
  Principal peerOf(ConnectionId id) {
    IdleConnection found = find(id);
    if (found != null) {
      return found.peer();
    }
    Connection connection = connections.get(id);
    return connection == null ? null : connection.getEstablishedPeerIdentity();
  }

  /**
   * Returns what a connection is at this moment, without waking it: a {@link Connection}, or a copy
   * of its bytes for the caller to wipe; null if it is gone.
   */
  Object now(ConnectionId id) {
    return locked(
        () -> {
          IdleConnection found = size() == 0 ? null : idle.get(id);
          if (found == null) {
            return connections.get(id);
          }
          byte[] bytes = found.copyOfBytes();
          return bytes == null ? found.connection() : bytes;
        });
  }

  /** Returns a copy of an idle connection's bytes, for the caller to wipe; null if it has none. */
  byte[] copyOfBytes(ConnectionId id) {
    return locked(
        () -> {
          IdleConnection found = size() == 0 ? null : idle.get(id);
          return found == null ? null : found.copyOfBytes();
        });
  }

  /** Returns a connection that is in use now, whether it was idle or not; null if it is gone. */
  Connection wake(ConnectionId id) {
    return wake(id, idle::get, connections::get);
  }

  /** As above. */
  Connection wake(InetSocketAddress address) {
    return wake(address, idle::get, byAddress::get);
  }

  /** As above. */
  Connection wake(SessionId session) {
    return wake(session, idle::get, bySession == null ? id -> null : bySession::get);
  }

  /**
   * Drops a connection that is kept as its bytes, and wipes these.
   *
   * @return what it was; null if it is gone, in use, or kept as it is
   */
  IdleConnection drop(ConnectionId id) {
    connections.writeLock().lock();
    try {
      IdleConnection found = size() == 0 ? null : idle.get(id);
      if (found == null || found.connection() != null) {
        return null;
      }
      idle.remove(found);
      found.wipe();
      return found;
    } finally {
      connections.writeLock().unlock();
    }
  }

  private <K> Connection wake(
      K key, Function<K, IdleConnection> idleOnes, Function<K, Connection> ones) {
    if (key == null) {
      return null;
    }
    if (size() == 0 || locked(() -> idleOnes.apply(key)) == null) {
      return ones.apply(key); // it may have been woken just now
    }
    connections.writeLock().lock();
    try {
      IdleConnection found = idleOnes.apply(key);
      return found == null ? ones.apply(key) : activate(found);
    } finally {
      connections.writeLock().unlock();
    }
  }

  /** Sees to it that a connection is in use if it is only put aside. */
  void use(Connection connection) {
    if (!isInUse(connection) && has(connection)) {
      wake(connection.getConnectionId());
    }
  }

  private Connection activate(IdleConnection woken) {
    Connection connection = woken.take();
    if (connection.getExecutor() == null) {
      ExecutorService running = executor;
      boolean isStopped = running == null || running.isShutdown();
      connection.setConnectorContext(isStopped ? null : running, listener);
    }
    connections.put(woken.id(), connection);
    if (woken.address() != null) {
      byAddress.put(woken.address(), connection);
    }
    if (bySession != null) {
      bySession.put(woken.session(), connection);
    }
    idle.remove(woken);
    return connection;
  }

  /**
   * Returns an iterator over all connections that are there now and still there when it comes to
   * them. Connections that become idle or are woken meanwhile are neither missed nor met twice.
   *
   * @param wanted which idle ones are woken for it; it passes over the others
   */
  Iterator<Connection> iterator(Predicate<Principal> wanted) {
    return new All(wanted);
  }

  /** Returns all connections that are there now: a {@link Connection}, or one that is idle. */
  List<Object> all() {
    return locked(
        () -> {
          List<Object> all = new ArrayList<>(connections.size() + idle.size());
          if (size() > 0) {
            idle.forEach(all::add);
          }
          all.addAll(connections.values());
          return all;
        });
  }

  /** Returns all sessions that are there now, those first that were used least recently. */
  List<TimedConnection> inOrder() {
    List<TimedConnection> timed =
        locked(
            () -> {
              List<TimedConnection> all = new ArrayList<>(connections.size() + idle.size());
              if (size() > 0) {
                idle.forEach(each -> all.add(TimedConnection.of(each)));
              }
              for (Connection connection : connections.values()) {
                if (connection.hasEstablishedDtlsContext()) {
                  all.add(TimedConnection.of(connection));
                }
              }
              return all;
            });
    TimedConnection.sort(timed);
    return timed;
  }

  private final class All implements Iterator<Connection> {
    private final Predicate<Principal> wanted;
    private final Iterator<Object> all = all().iterator();
    private Connection next;

    All(Predicate<Principal> wanted) {
      this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
      while (next == null && all.hasNext()) {
        Object each = all.next();
        next =
            each instanceof Connection connection && isInUse(connection) ? connection : find(each);
      }
      return next != null;
    }

    private Connection find(Object each) {
      ConnectionId id =
          each instanceof Connection connection
              ? connection.getConnectionId()
              : ((IdleConnection) each).id();
      IdleConnection found = IdleMoves.this.find(id);
      return found == null || wanted.test(found.peer()) ? wake(id) : null;
    }

    @Override
    public Connection next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Connection found = next;
      next = null;
      return found;
    }
  }
}
