// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a peer without a key can tell by the time whether an identity is known. A server answers
 * neither a wrong key nor an unknown identity, but what it is asked next waits until it is done
 * with them: the peer asks for a cookie right behind the last flight of its handshake, and takes
 * the time until the cookie comes. The server has one receiving thread, which shows most.
 */
public final class Timing {
  /** As many as there are networks on loopback for. */
  public static final int MAX_PAIRS = 60_000;

  /** How many devices the server knows. */
  private static final int DEVICES = 1000;

  /** No more than a server takes for a flood, when it counts failures many times. */
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 400;

  private static final int MOST_WARMUPS = 2000;

  /** What is compared. */
  private enum Series {
    /** Handshakes of one kind with themselves: what the tests find where there is no difference. */
    CONTROL,
    /** The cookie is for another port. */
    ELSEWHERE,
    /** The cookie is for the port of the handshake. */
    SAME_PORT;

    @Override
    public String toString() {
      return switch (this) {
        case CONTROL -> "control";
        case ELSEWHERE -> "other port";
        case SAME_PORT -> "same port";
      };
    }
  }

  private final int pairs;
  private final Random random = new Random();
  private long due;
  private int lost;

  /**
   * Makes a measurement.
   *
   * @param pairs how many handshakes of each kind to compare
   */
  public Timing(int pairs) {
    this.pairs = pairs;
  }

  /**
   * Measures.
   *
   * @return by store and series: figures by name, times in microseconds
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    for (FilledStore.Kind store : List.of(FilledStore.Kind.IN_MEMORY, FilledStore.Kind.MIRROR)) {
      ServerSpec spec = ServerSpec.of(ServerSpec.Peer.LWM2M_CREDS, store, DEVICES);
      try (ServerProcess server =
          ServerProcess.start(spec, List.of("-D" + ScandiumEchoServer.RECEIVERS + "=1"))) {
        for (Series series : Series.values()) {
          String name = store + ", " + series;
          Map<String, Double> result = measure(server.port(), series);
          System.out.println(name + " " + result);
          figures.put(name, result);
        }
      }
    }
    return figures;
  }

  private Map<String, Double> measure(int port, Series series) throws IOException {
    double[] known = new double[pairs];
    double[] unknown = new double[pairs];
    lost = 0;
    due = System.nanoTime();
    try (TimedPeer peer = new TimedPeer(port, series == Series.SAME_PORT)) {
      int warmups = Math.min(MOST_WARMUPS, pairs);
      for (int pair = -warmups; pair < pairs; pair++) {
        boolean isKnownFirst = random.nextBoolean();
        double first = micros(peer, isKnownFirst || series == Series.CONTROL, pair);
        double second = micros(peer, !isKnownFirst || series == Series.CONTROL, pair);
        if (pair >= 0) {
          known[pair] = isKnownFirst ? first : second;
          unknown[pair] = isKnownFirst ? second : first;
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    Map<String, Double> figures =
        new TwoSamples(known, unknown)
            .figures("wrong key", series == Series.CONTROL ? "wrong key again" : "unknown");
    figures.put("repeated", (double) lost);
    return figures;
  }

  /** Returns how long the cookie took; a handshake that is lost is made again. */
  private double micros(TimedPeer peer, boolean isKnown, int pair)
      throws IOException, GeneralSecurityException {
    while (true) {
      due += INTERVAL_NANOS;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      int device = random.nextInt(DEVICES) + (isKnown ? 0 : DEVICES * (1 + random.nextInt(1000)));
      long nanos = peer.nanos(Fleet.identity(device), pair + MOST_WARMUPS);
      if (nanos >= 0) {
        return nanos / 1000.0;
      }
      lost++;
    }
  }
}
