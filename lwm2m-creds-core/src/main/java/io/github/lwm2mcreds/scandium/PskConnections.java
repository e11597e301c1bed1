// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.ScandiumEvents.Displaced;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionEvictedException;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.InMemoryConnectionStore;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.SessionStore;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.util.SecretUtil;

/**
 * The connections of a server, within {@linkplain ConnectionLimits limits} that turn away nobody
 * who proves a key. Each session knows the credential it was made with; it is resumed, and restored
 * after it was saved, only while that is in the store.
 */
final class PskConnections extends InMemoryConnectionStore {
  /** No idle connection is wanted. */
  static final Predicate<Principal> NONE = peer -> false;

  private static final int MANY_GONE = 8;

  /** What Scandium takes for connections that are known by their address alone. */
  private static final int UNUSED_ID_LENGTH = 7;

  private final PskLookup credentials;
  private final SessionTerminator terminator;
  private final SessionAdmission admission;
  private final LoadedFreezing freezing;
  private final ServerCounts counts;

  /** Whether sessions to resume come from a store, where others may have put them. */
  private final boolean stored;

  /** That store; null if there is none. */
  private final SessionStore sessionStore;

  private final ConnectionRoom room;
  private final FailedHandshakes failed;
  private final IdleMoves moves;

  /** How many went since the connector was last told to forget them. */
  private final AtomicInteger gone = new AtomicInteger();

  private volatile Runnable onManyGone = () -> {};

  /** What becomes of the sessions that are loaded; null unless they come from a session file. */
  private volatile LoadedSessions loading;

  /** Which idle connections a thread wakes that iterates over all; unset for all of them. */
  private final ThreadLocal<Predicate<Principal>> waking = new ThreadLocal<>();

  /** Scandium's own limit is none, and it removes no doubles: the room sees to both. */
  PskConnections(
      DtlsConnectorConfig config,
      PskLookup credentials,
      HandshakeRefusalListener refusals,
      ConnectionLimits limits,
      FailedHandshakes failed) {
    super(
        Integer.MAX_VALUE,
        config.get(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, TimeUnit.SECONDS),
        TaggedSessionStore.of(config.getSessionStore()),
        false);
    setTag(config.getLoggingTag());
    this.moves = new IdleMoves(connections, connectionsByAddress, connectionsByEstablishedSession);
    this.room = new ConnectionRoom(connections, moves, limits);
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.sessionStore = config.getSessionStore();
    this.stored = sessionStore != null;
    this.terminator = new SessionTerminator(this, credentials);
    this.admission = new SessionAdmission(credentials, terminator.sweeps());
    this.freezing = new LoadedFreezing(config);
    this.failed = failed;
    this.counts =
        new ServerCounts(this, ScandiumPskStore.lookups(config.getPskStore()), refusals, failed);
  }

  SessionTerminator terminator() {
    return terminator;
  }

  ServerCounts counts() {
    return counts;
  }

  int size() {
    return connections.size() + moves.size();
  }

  IdleMoves moves() {
    return moves;
  }

  /** Returns what has to be run now and then, so that idle connections take less memory. */
  ConnectionFreezer freezer() {
    return new ConnectionFreezer(connections, moves, room.limits());
  }

  /** Returns one with other times. */
  ConnectionFreezer freezer(int inUse, Duration quiet, Duration held) {
    return new ConnectionFreezer(connections, moves, inUse, quiet, held);
  }

  @Override
  public void setExecutor(ExecutorService executor) {
    super.setExecutor(executor);
    moves.setExecutor(executor);
  }

  @Override
  public void setConnectionListener(ConnectionListener listener) {
    super.setConnectionListener(listener);
    moves.setListener(listener);
  }

  /** {@inheritDoc} An id of an idle connection is not given to another. */
  @Override
  public void attach(ConnectionIdGenerator generator) {
    boolean isUsed = generator != null && generator.useConnectionId();
    super.attach(
        new FreshIds(
            isUsed ? generator : new SingleNodeConnectionIdGenerator(UNUSED_ID_LENGTH), moves));
  }

  @Override
  public Connection get(InetSocketAddress peerAddress) {
    Connection connection = super.get(peerAddress);
    return connection == null ? moves.wake(peerAddress) : connection;
  }

  @Override
  public Connection get(ConnectionId cid) {
    Connection connection = super.get(cid);
    return connection == null ? moves.wake(cid) : connection;
  }

  /** {@inheritDoc} Idle ones are woken for it, if the thread has not said {@link #waking which}. */
  @Override
  public Iterator<Connection> iterator() {
    Predicate<Principal> wanted = waking.get();
    return wanted == NONE
        ? connections.valuesIterator()
        : moves.iterator(wanted == null ? peer -> true : wanted);
  }

  /**
   * Takes a step of this thread that iterates over the connections.
   *
   * @param wanted of which peers it gets idle connections
   */
  <T, E extends Exception> T waking(Predicate<Principal> wanted, Step<T, E> step) throws E {
    waking.set(wanted);
    try {
      return step.take();
    } finally {
      waking.remove();
    }
  }

  /** What a thread does. */
  interface Step<T, E extends Exception> {
    T take() throws E;
  }

  /** Returns the connections, of idle ones only those of certain peers, which are woken. */
  Iterable<Connection> ofPeers(Predicate<Principal> wanted) {
    return () -> moves.iterator(wanted);
  }

  @Override
  public void markAllAsResumptionRequired() {
    iterator().forEachRemaining(woken -> {});
    super.markAllAsResumptionRequired();
  }

  @Override
  public boolean update(Connection connection, InetSocketAddress newPeerAddress) {
    if (connection == null) {
      return false;
    }
    moves.use(connection);
    if (newPeerAddress != null && !connection.equalsPeerAddress(newPeerAddress)) {
      moves.wake(newPeerAddress); // which it may take over
    }
    return super.update(connection, newPeerAddress);
  }

  @Override
  public void removeFromEstablishedSessions(Connection connection) {
    moves.use(connection);
    super.removeFromEstablishedSessions(connection);
  }

  /** Forgets idle connections and their keys, once nothing uses them any more. */
  void destroyed() {
    moves.destroy();
  }

  @Override
  public int remainingCapacity() {
    return ofRoom(ConnectionRoom::left);
  }

  int handshakesUnderWay() {
    return ofRoom(ConnectionRoom::handshakes);
  }

  private int ofRoom(ToIntFunction<ConnectionRoom> number) {
    readLock().lock();
    try {
      return number.applyAsInt(room);
    } finally {
      readLock().unlock();
    }
  }

  /** {@inheritDoc} There is always room; another handshake may have to end for it. */
  @Override
  public boolean put(Connection connection) {
    if (connection == null) {
      return false;
    }
    Connection pushedOut;
    writeLock().lock();
    try {
      room.forgetDropped();
      moves.wake(connection.getPeerAddress()); // which it may take over
      if (!super.put(connection)) {
        return false;
      }
      pushedOut = connection.hasEstablishedDtlsContext() ? null : room.addHandshake(connection);
    } finally {
      writeLock().unlock();
    }
    if (pushedOut != null) {
      pushOut(pushedOut, Displaced.HANDSHAKE, false);
    }
    return true;
  }

  @Override
  public boolean remove(Connection connection, boolean removeFromSessionCache) {
    moves.use(connection);
    Principal peer = connection.getEstablishedPeerIdentity();
    boolean removed = super.remove(connection, removeFromSessionCache);
    if (removed) {
      removed(connection.getConnectionId(), peer);
    }
    return removed;
  }

  private void removed(ConnectionId id, Principal peer) {
    writeLock().lock();
    try {
      room.remove(id, peer);
    } finally {
      writeLock().unlock();
    }
    if (gone.incrementAndGet() >= room.limits().sessions() / MANY_GONE + 1) {
      gone.set(0);
      onManyGone.run();
    }
  }

  /** Sets what is called when an eighth as many connections have gone as there may be. */
  void onManyGone(Runnable cleanup) {
    onManyGone = cleanup;
  }

  /**
   * Ends a session for want of room; one that is kept as its bytes is not woken for that.
   *
   * @param newest the session for which it has to go, which may be the same, resumed
   */
  private void pushOut(ConnectionId id, Displaced kind, SessionId newest) {
    IdleConnection dropped = moves.drop(id);
    Connection older = dropped == null ? get(id) : null;
    if (dropped != null) {
      boolean isOther = kind == Displaced.REPLACED && !newest.equals(dropped.session());
      if (isOther && sessionStore != null) {
        sessionStore.remove(dropped.session());
      }
      counts.displaced.count(kind);
      ScandiumEvents.displaced(kind, dropped.address(), dropped.peer(), room.limits());
      removed(id, dropped.peer());
    } else if (older != null) {
      SessionId session = older.getEstablishedSessionIdentifier();
      pushOut(older, kind, kind == Displaced.REPLACED && !newest.equals(session));
    }
  }

  /**
   * Ends a connection in its turn, for want of room.
   *
   * @param forgetSession whether nobody may resume its session
   */
  private void pushOut(Connection connection, Displaced kind, boolean forgetSession) {
    try {
      connection.execute(() -> end(connection, kind, forgetSession), true);
    } catch (RejectedExecutionException e) {
      end(connection, kind, forgetSession);
    }
  }

  private void end(Connection connection, Displaced kind, boolean forgetSession) {
    InetSocketAddress address = connection.getPeerAddress();
    Principal peer = connection.getEstablishedPeerIdentity();
    if (kind == Displaced.HANDSHAKE && connection.hasEstablishedDtlsContext()) {
      return; // it was just in time
    }
    Handshaker handshaker = connection.getOngoingHandshake();
    if (handshaker != null) {
      handshaker.handshakeFailed(new ConnectionEvictedException("no room for another connection"));
    }
    if (remove(connection, forgetSession) || kind == Displaced.HANDSHAKE) {
      counts.displaced.count(kind);
      ScandiumEvents.displaced(kind, address, peer, room.limits());
    }
  }

  /** Finds a session that a peer wants to resume; if there is none, it makes a full handshake. */
  @Override
  public DTLSSession find(SessionId id) {
    moves.wake(id);
    DTLSSession session = super.find(id);
    if (session != null && !mayBeResumed(session.getPeerIdentity())) {
      SecretUtil.destroy(session);
      return null;
    }
    return session;
  }

  /** Only a session that does not say its credential may be resumed if the store cannot tell. */
  private boolean mayBeResumed(Principal peer) {
    if (peer instanceof PreSharedKeyIdentity psk && terminator.isEnding(psk.getIdentity())) {
      return false;
    }
    Principal known = stored ? SessionCredential.restored(peer) : peer;
    try {
      SessionVerdict verdict = SessionVerdict.ofNewcomer(known, credentials);
      return verdict == SessionVerdict.GOOD
          || verdict == SessionVerdict.UNKNOWN && SessionCredential.checkValue(known).isEmpty();
    } catch (RuntimeException e) {
      return false; // a full handshake asks the store again
    }
  }

  /**
   * {@inheritDoc} It ends older ones of its peer, and another one where there are too many. A
   * session that was resumed has the principal under which it was stored.
   */
  @Override
  public void putEstablishedSession(Connection connection) {
    Principal peer = connection.getEstablishedPeerIdentity();
    if (SessionCredential.isPortable(peer)) {
      peer = SessionCredential.restored(peer);
      connection.setEstablishedPeerIdentity(peer);
    }
    countHandshake(connection);
    List<ConnectionId> replaced;
    ConnectionId leastUsed;
    SessionId session = connection.getEstablishedSessionIdentifier();
    moves.wake(session); // which it may take over
    writeLock().lock();
    try {
      replaced = room.establish(connection.getConnectionId(), peer);
      leastUsed = room.leastUsed(connection);
    } finally {
      writeLock().unlock();
    }
    settle(replaced, leastUsed, session);
    super.putEstablishedSession(connection);
  }

  /** Ends those that have to go for a session. */
  private void settle(List<ConnectionId> replaced, ConnectionId leastUsed, SessionId session) {
    replaced.forEach(id -> pushOut(id, Displaced.REPLACED, session));
    if (leastUsed != null) {
      pushOut(leastUsed, Displaced.SESSION, session);
    }
  }

  /** A session that was loaded has had none. */
  private void countHandshake(Connection connection) {
    Handshaker handshaker = connection.getOngoingHandshake();
    if (handshaker != null) {
      (handshaker.isFullHandshake() ? counts.full : counts.resumed).increment();
      PskPublicInformation proved =
          handshaker instanceof ServerHandshaker server ? server.getPreSharedKeyIdentity() : null;
      failed.succeeded(connection.getPeerAddress(), proved);
    }
  }

  /** {@inheritDoc} What is written is not encrypted, and holds the keys of sessions. */
  @Override
  public int saveConnections(OutputStream out, long maxQuietPeriodInSeconds) throws IOException {
    long now = ClockUtil.nanoRealtime();
    int written = 0;
    for (TimedConnection timed : moves.inOrder()) {
      long quiet = TimeUnit.NANOSECONDS.toSeconds(now - timed.nanos());
      byte[] bytes =
          quiet > maxQuietPeriodInSeconds ? null : timed.bytes(moves, freezing.hasCookies());
      if (bytes != null) {
        try {
          out.write(bytes);
        } finally {
          Arrays.fill(bytes, (byte) 0);
        }
        written++;
      }
    }
    SerializationUtil.writeNoItem(out);
    out.flush();
    // Not if writing failed, as they are used on; idle ones first, or one might still be woken.
    moves.destroy();
    clear();
    return written;
  }

  /** Sets what counts the sessions that are loaded from now on, and reserves their numbers. */
  void loading(LoadedSessions sessions) {
    loading = sessions;
  }

  /** {@inheritDoc} If anything goes wrong, there are no connections afterwards. */
  @Override
  public int loadConnections(InputStream in, long delta) throws IOException {
    boolean isLoaded = false;
    try {
      Loading all = new Loading();
      if (all.mayFreeze) {
        moves.expect(all.loaded.about());
      }
      int count = new ConnectionLoad<>(in, delta, all).run();
      isLoaded = true;
      return count;
    } finally {
      if (!isLoaded) {
        clear();
      }
    }
  }

  /** Takes in connections as they are, or the {@link IdleConnection} that was made of each. */
  private final class Loading implements ConnectionLoad.Restoring<Optional<Object>> {
    private final LoadedSessions loaded = loading;
    private final boolean mayFreeze = loaded != null && sessionStore == null && freezing.isUsed();

    @Override
    public Optional<Object> prepare(Connection connection, byte[] bytes) {
      if (!admission.admits(connection, loaded)) {
        return Optional.empty();
      }
      Object idle = mayFreeze ? freezing.frozen(connection, bytes, loaded.isSnapshot()) : null;
      return Optional.of(idle == null ? connection : idle);
    }

    @Override
    public void restore(Optional<Object> admitted) {
      Object one = admitted.orElse(null);
      boolean restored =
          one instanceof IdleConnection idle
              ? restoreIdle(idle)
              : one != null && restoreGood((Connection) one);
      if (loaded != null) {
        loaded.count(restored);
      }
    }
  }

  /**
   * {@inheritDoc} A session of a credential that is not in the store is left out, and one that has
   * too few numbers left.
   */
  @Override
  public boolean restore(Connection connection) {
    LoadedSessions loaded = loading;
    boolean restored = admission.admits(connection, loaded) && restoreGood(connection);
    if (loaded != null) {
      loaded.count(restored);
    }
    return restored;
  }

  private boolean restoreGood(Connection connection) {
    writeLock().lock();
    try {
      room.forgetDropped();
      moves.wake(connection.getPeerAddress()); // which it may take over
    } finally {
      writeLock().unlock();
    }
    return super.restore(connection);
  }

  /** As it is if another has its id, its address or its session, which Scandium sees to. */
  private boolean restoreIdle(IdleConnection idle) {
    boolean isAdded;
    List<ConnectionId> replaced;
    ConnectionId leastUsed;
    writeLock().lock();
    try {
      room.forgetDropped();
      isAdded = moves.add(idle);
      replaced = isAdded ? room.establish(idle.id(), idle.peer()) : List.of();
      leastUsed = isAdded ? room.leastUsed(null) : null;
    } finally {
      writeLock().unlock();
    }
    settle(replaced, leastUsed, idle.session());
    return isAdded || restoreGood(idle.take());
  }
}
