// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether a whole fleet gets in again after a power cut: all devices connect, and then all connect
 * anew, twice in a row, each from an address and port of its own.
 */
public final class PowerCut {
  /**
   * With 4 GB of heap, the profile has room for a million sessions; the limits are as they come.
   */
  private static final List<String> OPTIONS =
      List.of("-Xms4g", "-Xmx4g", "-D" + ScandiumEchoServer.CONNECTIONS + "=0");

  private static final int CUTS = 2;

  /** A session is put aside after a minute, and kept as its bytes a little later. */
  private static final int QUIET_SECONDS = 90;

  private static final int LOOK_SECONDS = 20;
  private static final int MAX_LOOKS = 30;

  /** The largest fleet that there are addresses for. */
  public static final int MAX_DEVICES = Returning.MAX_DEVICES;

  private final int devices;
  private final boolean awaitsQuiet;

  /**
   * Describes power cuts.
   *
   * @param devices how many there are
   * @param awaitsQuiet whether to find out how much heap they take when they have been quiet, which
   *     takes minutes
   */
  public PowerCut(int devices, boolean awaitsQuiet) {
    this.devices = devices;
    this.awaitsQuiet = awaitsQuiet;
  }

  /**
   * Measures.
   *
   * @return by server and round: figures by name
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    measure(
        ServerSpec.of(ServerSpec.Peer.LWM2M_CREDS, FilledStore.Kind.IN_MEMORY, devices), figures);
    measure(ServerSpec.of(ServerSpec.Peer.LESHAN, FilledStore.Kind.LESHAN, devices), figures);
    return figures;
  }

  private void measure(ServerSpec spec, Map<String, Map<String, Double>> figures)
      throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(spec, OPTIONS)) {
      long heap = server.heapInUse();
      warmUp(server, spec);
      for (int cut = 0; cut <= CUTS; cut++) {
        String name = spec.peer() + (cut == 0 ? " first connect" : " power cut " + cut);
        Map<String, Double> result = round(server, spec, cut, name, heap);
        if (awaitsQuiet && cut == CUTS && result.get("in") > 0) {
          result.put("quietHeapBytes", (quietHeap(server) - heap) / result.get("in"));
        }
        System.out.println(name + " " + result);
        figures.put(name, result);
      }
    }
  }

  /** Returns what is in use once that does not get less any more, with all devices quiet. */
  private static long quietHeap(ServerProcess server) throws InterruptedException {
    TimeUnit.SECONDS.sleep(QUIET_SECONDS);
    long heap = Long.MAX_VALUE;
    long next = server.heapInUse();
    for (int looks = 0; looks < MAX_LOOKS && next < heap - heap / 100; looks++) {
      heap = next;
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
      next = server.heapInUse();
    }
    return next;
  }

  /** Compiles what handshakes need; these devices come back from other ports. */
  private void warmUp(ServerProcess server, ServerSpec spec) throws IOException {
    int some = Math.min(devices, Returning.WARM_UP);
    new Returning(server.port(), spec.share(0, 1), some, CUTS + 1, "").run();
  }

  private Map<String, Double> round(
      ServerProcess server, ServerSpec spec, int cut, String name, long heapBefore)
      throws IOException {
    Returning returning = new Returning(server.port(), spec.share(0, 1), devices, cut, name);
    ServerUsage before = server.usage();
    returning.run();
    ServerUsage usage = server.usage().since(before);
    Map<String, Double> figures = returning.figures();
    double in = figures.get("in");
    if (in > 0) {
      double cpu = usage.cpuNanos() + usage.gcNanos();
      figures.put("serverCpuMicros", cpu / 1e3 / in);
      figures.put("gcPercent", usage.gcNanos() / cpu * 100);
      figures.put("heapBytes", (server.heapInUse() - heapBefore) / in);
    }
    return figures;
  }
}
