// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a handshake cost a server.
 *
 * @param handshakesPerSecond how many it made; on a shared machine the least stable figure
 * @param cpuMicros CPU time of the threads that serve
 * @param gcMicros CPU time of the collector
 * @param processMicros CPU time of the whole process, a JVM's compiler included
 * @param allocatedKilobytes what was allocated, in units of 1000 bytes
 * @param contextSwitches of all threads
 */
public record Cost(
    double handshakesPerSecond,
    double cpuMicros,
    double gcMicros,
    double processMicros,
    double allocatedKilobytes,
    double contextSwitches) {

  public static Cost of(ServerUsage usage, long nanos) {
    double handshakes = usage.handshakes();
    return new Cost(
        handshakes / nanos * 1e9,
        usage.cpuNanos() / handshakes / 1e3,
        usage.gcNanos() / handshakes / 1e3,
        usage.processNanos() / handshakes / 1e3,
        usage.allocatedBytes() / handshakes / 1e3,
        usage.contextSwitches() / handshakes);
  }

  static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    double[] sorted = costs.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double average(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    return costs.stream().mapToDouble(figure).average().orElseThrow();
  }

  /**
   * Returns the medians; for the collector, which runs only now and then, and so for the whole
   * process, the averages.
   */
  public static Cost median(List<Cost> costs) {
    return new Cost(
        median(costs, Cost::handshakesPerSecond),
        median(costs, Cost::cpuMicros),
        average(costs, Cost::gcMicros),
        average(costs, Cost::processMicros),
        median(costs, Cost::allocatedKilobytes),
        median(costs, Cost::contextSwitches));
  }
}
