// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How devices with good keys fare at a server with little memory, while ten times as many peers
 * from other networks have none.
 */
public final class Overload {
  private static final int DEVICES = 32;
  private static final int PER_SECOND = 800;
  private static final int FLOOD_FACTOR = 10;
  private static final long TIMEOUT_MILLIS = 10_000;

  /** As a gateway may have; room for as many connections as the profile has with that heap. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms128m",
          "-Xmx128m",
          "-XX:+ExitOnOutOfMemoryError", // a server that has lost its threads is none
          "-D" + ScandiumEchoServer.CONNECTIONS + "=32768",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  private static final int DEVICES_KNOWN = 10_000;
  private static final String P99 = "p99Millis";

  /** The latency of a device that had no echo in time: longer than that of any that had one. */
  private static final double FAILED = TIMEOUT_MILLIS;

  private final Effort effort;

  public Overload(Effort effort) {
    this.effort = effort;
  }

  /** Who connects besides the devices. */
  enum Kind {
    /** Nobody. */
    NONE(1),
    /** Peers with identities that no device has. */
    UNKNOWN_IDENTITIES(16),
    /** Peers with the identities of devices. */
    WRONG_KEYS(16),
    /** The same from so many networks that few fail from each. */
    WRONG_KEYS_FROM_MANY_NETWORKS(4096);

    private final int networks;

    Kind(int networks) {
      this.networks = networks;
    }
  }

  /**
   * Measures.
   *
   * @return by server and kind of flood: figures by name
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, List<Flooded>> all = new LinkedHashMap<>();
    boolean isQuick = effort == Effort.QUICK;
    List<Contestant> contestants =
        Contest.PEERS.contestants(DEVICES_KNOWN).subList(0, isQuick ? 1 : 2);
    List<Kind> kinds = isQuick ? List.of(Kind.NONE, Kind.WRONG_KEYS) : List.of(Kind.values());
    for (int fork = 0; fork < effort.forks(); fork++) {
      for (Contestant contestant : contestants) {
        for (Kind kind : kinds) {
          all.computeIfAbsent(contestant.name() + " " + kind, name -> new ArrayList<>())
              .add(measure(contestant.server(), kind));
        }
      }
    }
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    all.forEach((name, runs) -> figures.put(name, figures(runs)));
    for (Contestant contestant : contestants) {
      double quiet = figures.get(contestant.name() + " " + Kind.NONE).get(P99);
      for (Kind kind : kinds) {
        Map<String, Double> flooded = figures.get(contestant.name() + " " + kind);
        flooded.put("p99OfQuiet", flooded.get(P99) / quiet);
      }
    }
    figures.forEach((name, values) -> System.out.println(name + " " + values));
    return figures;
  }

  /** Measures with a server of its own, since one may not outlive a flood. */
  private Flooded measure(ServerSpec spec, Kind kind) throws IOException, InterruptedException {
    Path log = Files.createTempFile("lwm2m-creds-overload", ".log");
    try (ServerProcess server =
        ServerProcess.start(spec, JVM_OPTIONS, Redirect.appendTo(log.toFile()))) {
      if (effort != Effort.QUICK) {
        measure(server, spec, kind, log); // warms up
      }
      return measure(server, spec, kind, log);
    } finally {
      Files.delete(log);
    }
  }

  /**
   * One server under one flood.
   *
   * @param after what the server tells afterwards, none if it has ended by itself
   */
  private record Flooded(
      List<Double> latencies,
      long begun,
      long finished,
      double seconds,
      Optional<After> after,
      long logLines) {}

  private record After(ServerUsage usage, long heap) {}

  private Flooded measure(ServerProcess server, ServerSpec spec, Kind kind, Path log)
      throws IOException, InterruptedException {
    Random random = new Random(2);
    Supplier<byte[]> identities =
        () ->
            Fleet.identity(
                kind == Kind.UNKNOWN_IDENTITIES
                    ? spec.devices() + random.nextInt(spec.devices())
                    : random.nextInt(spec.devices()));
    double rate = kind == Kind.NONE ? 0 : PER_SECOND * FLOOD_FACTOR;
    Optional<ServerUsage> before = told(server::usage);
    Flood flood = new Flood(server.port(), identities, rate, kind.networks);
    Thread flooding = new Thread(flood, "flood");
    flooding.start();
    long millis = effort.rounds() * effort.roundMillis();
    long start = System.nanoTime();
    List<Double> latencies = devices(server.port(), spec, millis);
    Optional<ServerUsage> usage = before.flatMap(then -> told(() -> server.usage().since(then)));
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!flooding.isAlive() && usage.isPresent()) {
      throw new IllegalStateException("the flood ended by itself");
    }
    Optional<After> after = usage.flatMap(used -> told(() -> new After(used, server.heapInUse())));
    flood.stop();
    flooding.join();
    return new Flooded(latencies, flood.begun(), flood.finished(), seconds, after, lines(log));
  }

  /** Returns what a server tells; nothing if it has ended by itself. */
  private static <T> Optional<T> told(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (ServerProcess.EndedException e) {
      return Optional.empty();
    }
  }

  private static long lines(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.count();
    }
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
    figures.put(P99, quantile(latencies, 0.99));
    List<After> told = runs.stream().flatMap(run -> run.after.stream()).toList();
    figures.put("serversEnded", (double) runs.size() - told.size());
    if (told.size() == runs.size()) {
      double gc = told.stream().mapToDouble(after -> after.usage.gcNanos()).sum();
      double cpu = told.stream().mapToDouble(after -> after.usage.cpuNanos()).sum();
      figures.put("serverCpuPercent", (cpu + gc) / 1e9 / seconds * 100);
      figures.put("gcPercent", gc / 1e9 / seconds * 100);
      figures.put(
          "heapMegabytes", told.stream().mapToLong(After::heap).max().orElse(0) / 1048576.0);
    }
    figures.put("logLines", runs.stream().mapToDouble(Flooded::logLines).sum());
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
