// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** How devices with good keys fare while ten times as many peers have none. */
public final class Overload {
  private static final int DEVICES = 32;
  private static final int PER_SECOND = 800;
  private static final int FLOOD_FACTOR = 10;
  private static final long TIMEOUT_MILLIS = 10_000;

  /** The latency of a device that had no echo in time: longer than that of any that had one. */
  private static final double FAILED = TIMEOUT_MILLIS;

  private final Effort effort;

  public Overload(Effort effort) {
    this.effort = effort;
  }

  /** Who connects besides the devices. */
  enum Kind {
    /** Nobody. */
    NONE,
    /** Peers with identities that no device has. */
    UNKNOWN_IDENTITIES,
    /** Peers with the identities of devices. */
    WRONG_KEYS
  }

  /**
   * Measures.
   *
   * @return by server and kind of flood: figures by name
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, List<Flooded>> all = new LinkedHashMap<>();
    List<Contestant> contestants = Contest.PEERS.contestants(effort.fleet()).subList(0, 2);
    for (int fork = 0; fork < effort.forks(); fork++) {
      for (Contestant contestant : contestants) {
        try (ServerProcess server = ServerProcess.start(contestant.server())) {
          for (Kind kind : Kind.values()) {
            measure(server, contestant.server(), kind); // warms up
            all.computeIfAbsent(contestant.name() + " " + kind, name -> new ArrayList<>())
                .add(measure(server, contestant.server(), kind));
          }
        }
      }
    }
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    all.forEach((name, runs) -> figures.put(name, figures(runs)));
    figures.forEach((name, values) -> System.out.println(name + " " + values));
    return figures;
  }

  /** One server under one flood. */
  private record Flooded(
      List<Double> latencies, long begun, long finished, ServerUsage usage, double seconds) {}

  private Flooded measure(ServerProcess server, ServerSpec spec, Kind kind)
      throws IOException, InterruptedException {
    Random random = new Random(2);
    Supplier<byte[]> identities =
        () ->
            Fleet.identity(
                kind == Kind.WRONG_KEYS
                    ? random.nextInt(spec.devices())
                    : spec.devices() + random.nextInt(spec.devices()));
    double rate = kind == Kind.NONE ? 0 : PER_SECOND * FLOOD_FACTOR;
    Flood flood = new Flood(server.port(), identities, rate);
    Thread flooding = new Thread(flood, "flood");
    flooding.start();
    long millis = effort.rounds() * effort.roundMillis();
    ServerUsage before = server.usage();
    long start = System.nanoTime();
    List<Double> latencies = devices(server.port(), spec, millis);
    ServerUsage usage = server.usage().since(before);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!flooding.isAlive()) {
      throw new IllegalStateException("the flood ended by itself");
    }
    flood.stop();
    flooding.join();
    return new Flooded(latencies, flood.begun(), flood.finished(), usage, seconds);
  }

  private static Map<String, Double> figures(List<Flooded> runs) {
    double[] latencies =
        runs.stream()
            .flatMap(run -> run.latencies.stream())
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    double seconds = runs.stream().mapToDouble(Flooded::seconds).sum();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("attempts", (double) latencies.length);
    figures.put("succeeded", (double) Arrays.stream(latencies).filter(l -> l < FAILED).count());
    figures.put("begunPerSecond", runs.stream().mapToLong(Flooded::begun).sum() / seconds);
    figures.put("finishedPerSecond", runs.stream().mapToLong(Flooded::finished).sum() / seconds);
    figures.put("medianMillis", quantile(latencies, 0.5));
    figures.put("p99Millis", quantile(latencies, 0.99));
    figures.put(
        "serverCpuPercent",
        runs.stream().mapToDouble(run -> run.usage.cpuNanos() + run.usage.gcNanos()).sum()
            / 1e9
            / seconds
            * 100);
    return figures;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
  }

  /**
   * Returns milliseconds from when a handshake was due to its echo, {@link #FAILED} without one.
   */
  private static List<Double> devices(int port, ServerSpec spec, long millis)
      throws IOException, InterruptedException {
    ConcurrentLinkedQueue<Double> latencies = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    List<DeviceClient> clients = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      DeviceClient client =
          new DeviceClient(port, spec.share(i, DEVICES), spec.suite(), DeviceClient.Mode.FULL);
      clients.add(client);
      long offset = TimeUnit.SECONDS.toNanos(1) / PER_SECOND * i;
      Thread thread = new Thread(() -> device(client, offset, millis, latencies));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    clients.forEach(DeviceClient::close);
    return List.copyOf(latencies);
  }

  private static void device(
      DeviceClient client, long offset, long millis, ConcurrentLinkedQueue<Double> latencies) {
    long interval = TimeUnit.SECONDS.toNanos(DEVICES) / PER_SECOND;
    long due = System.nanoTime() + offset;
    long end = due + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      for (; due < end; due += interval) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        if (System.nanoTime() > end + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS)) {
          latencies.add(FAILED);
          continue;
        }
        client.chooseDevice();
        byte[] echo = client.exchange(new byte[] {1}, TIMEOUT_MILLIS);
        latencies.add(echo == null ? FAILED : Math.min(FAILED, (System.nanoTime() - due) / 1e6));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
