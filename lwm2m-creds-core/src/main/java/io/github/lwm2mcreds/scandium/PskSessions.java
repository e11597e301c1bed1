// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.AlertHandler;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.NodeConnectionIdGenerator;

/**
 * The sessions of one connector, which end when their credential is replaced or removed: what
 * {@link PskServerConnector} and {@link PskClusterConnector} do, for a connector of any other class
 * derived from Scandium's.
 *
 * <p>Such a connector passes {@link #config()} and {@link #connections()} to Scandium's
 * constructor, and six of its methods call this:
 *
 * <pre>{@code
 * final class Managed extends DtlsManagedClusterConnector {
 *   private final PskSessions sessions;
 *
 *   Managed(PskSessions sessions, DtlsClusterConnectorConfig cluster) {
 *     super(sessions.config(), cluster, sessions.connections());
 *     this.sessions = sessions;
 *     setAlertHandler(sessions.alertHandler());
 *     sessions.onManyGone(() -> cleanupRecentHandshakes(0));
 *   }
 *
 *   protected void start(InetSocketAddress bindAddress) throws IOException {
 *     sessions.start(this, bindAddress, () -> super.start(bindAddress));
 *   }
 *
 *   protected void receiveNextDatagramFromNetwork(DatagramPacket packet) throws IOException {
 *     sessions.receive(() -> super.receiveNextDatagramFromNetwork(packet));
 *   }
 *
 *   protected void processDatagramFromClusterNetwork(Byte type, DatagramPacket packet)
 *       throws IOException {
 *     sessions.receive(() -> super.processDatagramFromClusterNetwork(type, packet));
 *   }
 *
 *   public void send(RawData message) {
 *     sessions.send(() -> super.send(message));
 *   }
 *
 *   public void stop() {
 *     if (clusterInternalSocket != null) { // else it was never started, and Scandium's own fails
 *       super.stop();
 *     }
 *     sessions.stopped(this);
 *   }
 *
 *   public void destroy() {
 *     super.destroy();
 *     sessions.destroyed();
 *   }
 * }
 * }</pre>
 */
public final class PskSessions {
  /**
   * So that the pool's timer always waits for something earlier than a retransmission, and does not
   * wake up to wait for that instead each time a flight is sent.
   */
  private static final long TICK_MILLIS = 50;

  /** How long to wait for what the pool has begun, as Scandium does. */
  private static final long STOP_MILLIS = 500;

  /** How often all sessions are compared with the store. */
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

  /** How soon that is tried again if it failed for want of the store. */
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

  private final DtlsConnectorConfig config;
  private final PskLookup credentials;
  private final PskConnections connections;
  private final HandshakeRefusalListener refusals;
  private final FailedHandshakes failed;
  private final Duration sweepInterval;
  private final Duration retryInterval;

  /** Not where a listener may know connections by the objects they are. */
  private final boolean mayFreeze;

  private final AtomicBoolean listening = new AtomicBoolean();
  private volatile ReceiverExecutor executor;
  private volatile SessionKeeper keeper;

  /** How many threads receive or send: none once the connector has stopped in time. */
  private final AtomicInteger working = new AtomicInteger();

  PskSessions(
      DtlsConnectorConfig config,
      PskLookup credentials,
      Consumer<HandshakeRefusal> onRefusal,
      ConnectionLimits limits,
      Duration sweepInterval,
      Duration retryInterval,
      LongSupplier nanoTime) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.refusals = refusals(config, credentials, onRefusal);
    this.mayFreeze = LoadedFreezing.knowsNoConnections(config.getConnectionListener());
    boolean hasCookies = config.get(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST);
    this.failed = new FailedHandshakes(limits, hasCookies, nanoTime);
    this.config = completed(config, refusals, failed);
    this.connections = new PskConnections(config, credentials, refusals, limits, failed);
    this.sweepInterval = sweepInterval;
    this.retryInterval = retryInterval;
  }

  /**
   * Makes the sessions of one connector.
   *
   * @param config such as {@link LwM2mDtls#server} describes, with a {@link ScandiumPskStore} over
   *     the same credentials
   * @param credentials whose retirement ends sessions; listened to from {@link #start} until {@link
   *     #destroyed}
   * @return sessions for a connector that is still to be made
   */
  public static PskSessions of(DtlsConnectorConfig config, PskLookup credentials) {
    return of(config, credentials, refusal -> {});
  }

  /**
   * Makes the sessions of one connector, which also reports refused handshakes to its caller.
   *
   * @param config as above; its connection listener is called besides. If that is a {@link
   *     HandshakeRefusalListener}, a refusal is logged and counted once and reported to both
   * @param credentials as above
   * @param onRefusal called on DTLS threads and one other, so it must return soon
   * @return sessions for a connector that is still to be made
   */
  public static PskSessions of(
      DtlsConnectorConfig config, PskLookup credentials, Consumer<HandshakeRefusal> onRefusal) {
    return of(config, credentials, onRefusal, ConnectionLimits.of(config));
  }

  /**
   * Makes the sessions of one connector, with limits of one's own.
   *
   * @param config as above
   * @param credentials as above
   * @param onRefusal as above
   * @param limits how many connections there may be, in place of {@link
   *     ConnectionLimits#of(DtlsConnectorConfig)}
   * @return sessions for a connector that is still to be made
   */
  public static PskSessions of(
      DtlsConnectorConfig config,
      PskLookup credentials,
      Consumer<HandshakeRefusal> onRefusal,
      ConnectionLimits limits) {
    return new PskSessions(
        config, credentials, onRefusal, limits, SWEEP_INTERVAL, RETRY_INTERVAL, System::nanoTime);
  }

  /** The listener that is set or, if there is none of its kind, a new one; it reports here, too. */
  private static HandshakeRefusalListener refusals(
      DtlsConnectorConfig config, PskLookup credentials, Consumer<HandshakeRefusal> onRefusal) {
    return config.getConnectionListener() instanceof HandshakeRefusalListener set
        ? set.andThen(onRefusal)
        : new HandshakeRefusalListener(credentials, onRefusal);
  }

  /**
   * Adds to a configuration that sessions know their credential, and who hears of refusals. The
   * {@linkplain PskConnections connections} keep to a limit; with one of its own, Scandium would
   * refuse everybody for minutes after as many handshakes, however few sessions are left of them.
   */
  private static DtlsConnectorConfig completed(
      DtlsConnectorConfig config, HandshakeRefusalListener refusals, FailedHandshakes failed) {
    DtlsConnectorConfig.Builder builder =
        ForwardSecretSelector.addTo(DtlsConnectorConfig.builder(config));
    return HandshakeWatch.addTo(builder, refusals, failed)
        .setApplicationLevelInfoSupplier(
            SessionCredential.supplier(config.getApplicationLevelInfoSupplier()))
        .setConnectionListener(withSet(refusals, config.getConnectionListener()))
        .set(DtlsConfig.DTLS_MAX_CONNECTIONS, Integer.MAX_VALUE)
        .build();
  }

  private static ConnectionListener withSet(
      HandshakeRefusalListener refusals, ConnectionListener set) {
    return set == null || set instanceof HandshakeRefusalListener // of which refusals are made
        ? refusals
        : new ConnectionListeners(List.of(refusals, set));
  }

  /**
   * Keeps the sessions in a file while the connector does not run: it loads them when it is
   * started, and saves them when it is stopped and now and then. A file that is refused is
   * reported, and the connector starts without sessions. A node of a cluster refuses the file of
   * another node.
   *
   * @param file of this connector alone
   * @return this object, to make a connector with
   */
  public PskSessions keptIn(SessionFile file) {
    keeper = new SessionKeeper(file, connections, node());
    return this;
  }

  private OptionalInt node() {
    return config.getConnectionIdGenerator() instanceof NodeConnectionIdGenerator generator
        ? OptionalInt.of(generator.getNodeId() & 0xff)
        : OptionalInt.empty();
  }

  FailedHandshakes failed() {
    return failed;
  }

  SessionKeeper keeper() {
    return keeper;
  }

  /**
   * Returns the configuration for the connector: the one given, by which sessions also learn their
   * credential.
   *
   * @return for the constructor of the connector
   */
  public DtlsConnectorConfig config() {
    return config;
  }

  /**
   * Returns the connector's connections, which compare each session with the credentials before it
   * is resumed or restored.
   *
   * @return for the constructor of the connector
   */
  public ConnectionStore connections() {
    return connections;
  }

  /**
   * Sets what makes Scandium forget the connections that are gone. It remembers who has shaken
   * hands for minutes, and looks for those that are gone every 40 seconds. This is called sooner
   * where many go, on a thread of the connector's pool.
   *
   * @param cleanup {@code () -> cleanupRecentHandshakes(0)}, which is the connector's own; without
   *     it, devices that connect again and again take more memory for a time
   */
  public void onManyGone(Runnable cleanup) {
    connections.onManyGone(() -> inPool(cleanup));
  }

  boolean freezes() {
    return mayFreeze;
  }

  private void inPool(Runnable cleanup) {
    ReceiverExecutor running = executor;
    if (running != null && !running.isShutdown()) {
      running.executeInPool(cleanup);
    }
  }

  /**
   * Returns what logs and reports devices without a common cipher suite.
   *
   * @return to be {@linkplain DTLSConnector#setAlertHandler set} in the connector's constructor
   */
  public AlertHandler alertHandler() {
    return refusals;
  }

  /**
   * Returns what this server counts.
   *
   * @return the same object at each call
   */
  public ServerCounts counts() {
    return connections.counts();
  }

  /**
   * Compares all sessions with the credentials, and ends those whose credential is gone or has
   * another key. Every session costs one lookup of a key, and one that ends costs two, or three if
   * it was idle; this is done on a thread of its own, which retirements do not wait for. All who
   * call while another comparison goes on share the next. A session for which the lookup fails is
   * passed over until the next comparison.
   *
   * @return completes with the number of sessions that were ended; fails if the credentials cannot
   *     be looked up several times in a row, and then nothing more is ended, a warning is logged,
   *     and it is tried again later
   */
  public CompletableFuture<Integer> sweep() {
    return connections.terminator().sweeps().sweep(false);
  }

  /**
   * Starts the connector with an executor of its own, listens to the credentials, and compares the
   * sessions that it has with them.
   *
   * @param connector whose {@code start} this is
   * @param bindAddress where it will listen; names threads
   * @param start Scandium's own {@code start}
   * @throws IOException if that throws it
   */
  public void start(DTLSConnector connector, InetSocketAddress bindAddress, Step start)
      throws IOException {
    if (listening.compareAndSet(false, true)) {
      credentials.addListener(connections.terminator());
    }
    if (connector.isRunning()) {
      return;
    }
    executor = newExecutor(bindAddress);
    connector.setExecutor(executor);
    connections.setExecutor(executor); // the connector gives it only one of its own
    SessionKeeper kept = keeper;
    try {
      connections.waking(
          PskConnections.NONE, // the connector prepares all, as an idle one is when it is woken
          () -> {
            if (kept != null) {
              kept.open(connector);
            }
            start.run();
            return null;
          });
      sweep(); // for what was retired before this connector listened
      if (kept != null) {
        kept.saveNowAndThen(executor);
      }
    } finally {
      if (!connector.isRunning()) {
        if (kept != null) {
          kept.close(connector, true); // nothing was sent
        }
        executor.shutdownNow();
      }
    }
  }

  private ReceiverExecutor newExecutor(InetSocketAddress address) {
    Runnable onNewThread =
        EphemeralKeys.areFor(config.getSupportedCipherSuites())
            ? EphemeralKeys::useOnThisThread
            : () -> {};
    ThreadFactory threads =
        new DaemonThreadFactory(
            "DTLS-Worker-" + address + "#", NamedThreadFactory.SCANDIUM_THREAD_GROUP);
    ProtocolScheduledExecutorService pool =
        ExecutorsUtil.newProtocolScheduledThreadPool(
            config.get(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT),
            work ->
                threads.newThread(
                    () -> {
                      onNewThread.run();
                      work.run();
                    }));
    pool.scheduleWithFixedDelay(() -> {}, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    SessionSweeps sweeps = connections.terminator().sweeps();
    long every = sweepInterval.toMillis();
    long again = retryInterval.toMillis();
    pool.scheduleWithFixedDelay(() -> sweeps.sweep(false), every, every, TimeUnit.MILLISECONDS);
    pool.scheduleWithFixedDelay(sweeps::sweepIfDue, again, again, TimeUnit.MILLISECONDS);
    if (mayFreeze) {
      long often = ConnectionFreezer.INTERVAL.toMillis();
      pool.scheduleWithFixedDelay(connections.freezer(), often, often, TimeUnit.MILLISECONDS);
    }
    return new ReceiverExecutor(pool, onNewThread);
  }

  /** Takes a step that goes through all connections, of idle ones only those of certain peers. */
  Future<Void> waking(Predicate<Principal> wanted, Supplier<Future<Void>> step) {
    return connections.waking(wanted, step::get);
  }

  /**
   * Receives a datagram and handles it on the calling thread, which is one of the connector's
   * receiving threads. Whatever the connector calls meanwhile must not block.
   *
   * @param receive Scandium's own method that receives or processes one datagram
   * @throws IOException if that throws it
   */
  public void receive(Step receive) throws IOException {
    ReceiverExecutor current = executor;
    working.incrementAndGet();
    try {
      current.receiveHere();
      try {
        receive.run();
      } finally {
        current.runReceived();
      }
    } finally {
      working.decrementAndGet();
    }
  }

  /**
   * Sends a message on the calling thread, which would otherwise wake another one for it. The
   * callbacks of the message are called there, too. If the peer's connection is busy, another
   * thread sends instead: the receiving thread that is busy with it, or else one of the pool. One
   * of the pool also does if the calling thread was interrupted.
   *
   * @param send Scandium's own {@code send}
   */
  public void send(Runnable send) {
    ReceiverExecutor current = executor;
    if (current == null) {
      send.run(); // and fails, as the connector was not started
    } else {
      working.incrementAndGet();
      try {
        current.runHere(send);
      } finally {
        working.decrementAndGet();
      }
    }
  }

  /**
   * Stops the executor, after the connector has stopped. The connector can be started again.
   *
   * @param connector whose {@code stop} this is
   */
  public void stopped(DTLSConnector connector) {
    ReceiverExecutor stopped;
    List<Runnable> pending;
    synchronized (connector) { // as its start() is
      stopped = executor;
      if (stopped == null || connector.isRunning()) {
        return;
      }
      pending = new ArrayList<>();
      connections.moves().stop(pending); // first, or a task might go to the pool and be lost
      pending.addAll(stopped.shutdownNow());
    }
    boolean isIdle = false;
    try {
      isIdle = stopped.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.moves().stop(pending); // those that were woken or put aside meanwhile
    ExecutorsUtil.runAll(pending);
    if (keeper != null) {
      keeper.close(connector, isIdle && working.get() == 0);
    }
  }

  /** Stops listening to the credentials, after the connector was destroyed. */
  public void destroyed() {
    if (listening.compareAndSet(true, false)) {
      credentials.removeListener(connections.terminator());
    }
    connections.destroyed();
  }

  @Override
  public String toString() {
    return "sessions of the connector at " + config.getAddress();
  }

  /** What a method of Scandium's connector does itself. */
  @FunctionalInterface
  public interface Step {
    /**
     * Calls Scandium's own method.
     *
     * @throws IOException if that does
     */
    void run() throws IOException;
  }
}
