// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether devices with good keys still get in at a server with little memory, after others have
 * taken its room: peers that only begin handshakes, or one device that connects again and again.
 */
public final class Crowding {
  /** Small for a server, and more than a gateway has to spare. */
  private static final String HEAP = "-Xmx128m";

  /** Room for as many connections as the profile has with that heap. */
  private static final int CONNECTIONS = 32_768;

  private static final int DEVICES = 1000;
  private static final int NEWCOMERS = 50;
  private static final int CLIENTS = 8;
  private static final double HALF_OPEN_PER_SECOND = 4000;
  private static final long TIMEOUT_MILLIS = 2000;

  private final Effort effort;

  public Crowding(Effort effort) {
    this.effort = effort;
  }

  /** Who takes the room. */
  private enum Kind {
    /** Peers that prove their address and nothing else. */
    HALF_OPEN,
    /** One device with a good key. */
    ONE_DEVICE;

    @Override
    public String toString() {
      return this == HALF_OPEN ? "half-open" : "one device";
    }
  }

  /**
   * Measures.
   *
   * @return by server and kind: figures by name
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    for (ServerSpec.Peer peer : List.of(ServerSpec.Peer.LWM2M_CREDS, ServerSpec.Peer.LESHAN)) {
      for (Kind kind : Kind.values()) {
        FilledStore.Kind store =
            peer == ServerSpec.Peer.LESHAN ? FilledStore.Kind.LESHAN : FilledStore.Kind.IN_MEMORY;
        ServerSpec spec = ServerSpec.of(peer, store, DEVICES);
        Map<String, Double> result = measure(spec, kind);
        String name = peer + " " + kind;
        System.out.println(name + " " + result);
        figures.put(name, result);
      }
    }
    return figures;
  }

  private Map<String, Double> measure(ServerSpec spec, Kind kind)
      throws IOException, InterruptedException {
    List<String> options =
        List.of("-Xms32m", HEAP, "-D" + ScandiumEchoServer.CONNECTIONS + "=" + CONNECTIONS);
    try (ServerProcess server = ServerProcess.start(spec, options)) {
      long millis = effort.forks() * effort.rounds() * effort.roundMillis() * 4;
      long start = System.nanoTime();
      ServerUsage before = server.usage();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("begun", (double) crowd(server.port(), spec, kind, millis));
      newcomers(server.port(), spec, figures);
      ServerUsage usage = server.usage().since(before);
      double seconds = (System.nanoTime() - start) / 1e9;
      figures.put("gcPercent", usage.gcNanos() / 1e9 / seconds * 100);
      figures.put("seconds", seconds);
      return figures;
    }
  }

  /** Takes room for a time; returns how many handshakes were begun. */
  private long crowd(int port, ServerSpec spec, Kind kind, long millis)
      throws IOException, InterruptedException {
    if (kind == Kind.ONE_DEVICE) {
      return oneDevice(port, spec, millis);
    }
    Flood flood = Flood.halfOpen(port, HALF_OPEN_PER_SECOND);
    Thread flooding = new Thread(flood, "flood");
    flooding.start();
    TimeUnit.MILLISECONDS.sleep(millis);
    flood.stop();
    flooding.join();
    return flood.begun();
  }

  private static long oneDevice(int port, ServerSpec spec, long millis)
      throws IOException, InterruptedException {
    AtomicLong handshakes = new AtomicLong();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Fleet same = spec.share(0, spec.devices());
      DeviceClient client = new DeviceClient(port, same, spec.suite(), DeviceClient.Mode.FULL);
      Thread thread =
          new Thread(
              () -> {
                try (client) {
                  client.chooseDevice();
                  while (System.nanoTime() < end) {
                    if (client.exchange(new byte[] {1}, TIMEOUT_MILLIS) != null) {
                      handshakes.incrementAndGet();
                    }
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return handshakes.get();
  }

  /** Connects devices that were not there before, one after the other. */
  private static void newcomers(int port, ServerSpec spec, Map<String, Double> figures)
      throws IOException, InterruptedException {
    int succeeded = 0;
    for (int i = 0; i < NEWCOMERS; i++) {
      try (DeviceClient client =
          new DeviceClient(
              port, spec.share(i + 1, spec.devices()), spec.suite(), DeviceClient.Mode.FULL)) {
        client.chooseDevice();
        succeeded += client.exchange(new byte[] {1}, TIMEOUT_MILLIS) == null ? 0 : 1;
      }
    }
    figures.put("newcomers", (double) NEWCOMERS);
    figures.put("succeeded", (double) succeeded);
  }
}
