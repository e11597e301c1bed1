package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/**
 * A DTLS connector whose sessions end when their credential is replaced or removed.
 *
 * <p>A retired credential's sessions are dropped within moments; handshakes that have already asked
 * for its key are aborted, so that none of them leaves a session behind. A session that was made in
 * those moments is dropped too, and the device connects again. This holds from {@link #start()} to
 * {@link #destroy()}, even while the connector is stopped in between.
 *
 * <p>What the connector hears of only makes it faster: each session carries the check value of the
 * key it was made with, which a {@link ScandiumPskStore} hands over, also when it is {@linkplain
 * #save saved} or put into a {@link org.eclipse.californium.scandium.dtls.SessionStore}. A session
 * is resumed only if its key is still that of its identity, and so it is with {@link #load loaded}
 * ones. All sessions are {@linkplain #sweep compared} with the credentials when the connector
 * starts, when changes may have been missed, and every ten minutes. One whose key is in the store
 * but does not open goes on, but is not resumed. Sessions that do not know their credential, as
 * they were saved by another connector, are not loaded. An {@link
 * org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier} of the configuration adds to
 * what sessions carry.
 *
 * <p>That sessions cannot be compared is logged as a warning, at most once a minute, and how many
 * were ended by comparing them as information.
 *
 * <p>A datagram is handled on the thread that received it; there are {@link
 * DtlsConfig#DTLS_RECEIVER_THREAD_COUNT} of these. Waking another thread for each step of a
 * handshake would take more CPU time than the handshake. {@link
 * DtlsConfig#DTLS_CONNECTOR_THREAD_COUNT} is for timers and for other callers. Whatever the
 * connector calls, above all a receiver of raw data, must therefore not block: other peers would
 * wait, too, and what it sends leaves only once it has returned. A CoAP endpoint's receiver hands
 * over to a thread of its own. An executor that is set is not used.
 */
public class PskServerConnector extends DTLSConnector {
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

  private final PskLookup credentials;
  private final PskConnections connections;
  private final Duration sweepInterval;
  private final Duration retryInterval;
  private final AtomicBoolean listening = new AtomicBoolean();
  private volatile ReceiverExecutor executor;

  /**
   * Makes a connector.
   *
   * @param config such as {@link LwM2mDtls#server} describes, with a {@link ScandiumPskStore} over
   *     the same credentials
   * @param credentials whose retirement ends sessions; listened to until {@link #destroy()}
   */
  public PskServerConnector(DtlsConnectorConfig config, PskLookup credentials) {
    this(config, credentials, SWEEP_INTERVAL, RETRY_INTERVAL);
  }

  PskServerConnector(
      DtlsConnectorConfig config,
      PskLookup credentials,
      Duration sweepInterval,
      Duration retryInterval) {
    this(
        config, credentials, new PskConnections(config, credentials), sweepInterval, retryInterval);
  }

  private PskServerConnector(
      DtlsConnectorConfig config,
      PskLookup credentials,
      PskConnections connections,
      Duration sweepInterval,
      Duration retryInterval) {
    super(tagging(config), connections);
    this.credentials = credentials;
    this.connections = connections;
    this.sweepInterval = sweepInterval;
    this.retryInterval = retryInterval;
  }

  /** Adds to a configuration that sessions know their credential. */
  private static DtlsConnectorConfig tagging(DtlsConnectorConfig config) {
    return DtlsConnectorConfig.builder(config)
        .setApplicationLevelInfoSupplier(
            SessionCredential.supplier(config.getApplicationLevelInfoSupplier()))
        .build();
  }

  /**
   * Compares all sessions with the credentials, and ends those whose credential is gone or has
   * another key. Every session costs one lookup of a key; this is done on a thread of its own,
   * which retirements do not wait for. All who call while another comparison goes on share the
   * next. A session for which the lookup fails is passed over until the next comparison.
   *
   * @return completes with the number of sessions that were ended; fails if the credentials cannot
   *     be looked up several times in a row, and then nothing more is ended, a warning is logged,
   *     and it is tried again later
   */
  public CompletableFuture<Integer> sweep() {
    return connections.terminator().sweeps().sweep(false);
  }

  PskConnections connections() {
    return connections;
  }

  @Override
  protected void start(InetSocketAddress bindAddress) throws IOException {
    if (listening.compareAndSet(false, true)) {
      credentials.addListener(connections.terminator());
    }
    if (isRunning()) {
      return;
    }
    executor = newExecutor(bindAddress);
    setExecutor(executor);
    connections.setExecutor(executor); // the connector gives it only one of its own
    try {
      super.start(bindAddress);
      sweep(); // for what was retired before this connector listened
    } finally {
      if (!isRunning()) {
        executor.shutdownNow();
      }
    }
  }

  private ReceiverExecutor newExecutor(InetSocketAddress address) {
    ProtocolScheduledExecutorService pool =
        ExecutorsUtil.newProtocolScheduledThreadPool(
            config.get(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT),
            new DaemonThreadFactory(
                "DTLS-Worker-" + address + "#", NamedThreadFactory.SCANDIUM_THREAD_GROUP));
    pool.scheduleWithFixedDelay(() -> {}, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    SessionSweeps sweeps = connections.terminator().sweeps();
    long every = sweepInterval.toMillis();
    long again = retryInterval.toMillis();
    pool.scheduleWithFixedDelay(() -> sweeps.sweep(false), every, every, TimeUnit.MILLISECONDS);
    pool.scheduleWithFixedDelay(sweeps::sweepIfDue, again, again, TimeUnit.MILLISECONDS);
    return new ReceiverExecutor(pool);
  }

  @Override
  protected void receiveNextDatagramFromNetwork(DatagramPacket packet) throws IOException {
    ReceiverExecutor current = executor;
    current.receiveHere();
    try {
      super.receiveNextDatagramFromNetwork(packet);
    } finally {
      current.runReceived();
    }
  }

  @Override
  public void stop() {
    super.stop();
    ReceiverExecutor stopped;
    List<Runnable> pending;
    synchronized (this) { // as start() is
      stopped = executor;
      if (stopped == null || isRunning()) {
        return;
      }
      pending = stopped.shutdownNow();
    }
    try {
      stopped.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ExecutorsUtil.runAll(pending);
  }

  @Override
  public void destroy() {
    super.destroy();
    if (listening.compareAndSet(true, false)) {
      credentials.removeListener(connections.terminator());
    }
  }
}
