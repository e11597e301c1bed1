// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.benchmarks.contest.Cost;
import io.github.lwm2mcreds.benchmarks.contest.ServerProcess;
import io.github.lwm2mcreds.benchmarks.contest.ServerUsage;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A JMH profiler that reports what a handshake cost the server in each iteration of a benchmark.
 */
public final class ServerCost implements InternalProfiler {
  private static ServerProcess server;
  private ServerUsage before;
  private long start;

  /** Sets the server that is measured from now on. */
  static synchronized void measure(ServerProcess process) {
    server = process;
  }

  private static synchronized ServerProcess server() {
    return server;
  }

  @Override
  public String getDescription() {
    return "CPU time, allocation and context switches of the server, a handshake";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (server() != null) {
      before = server().usage();
      start = System.nanoTime();
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    if (server() == null || before == null) {
      return List.of();
    }
    Cost cost = Cost.of(server().usage().since(before), System.nanoTime() - start);
    return List.of(
        result("server.cpu", cost.cpuMicros(), "us/handshake"),
        result("server.gc", cost.gcMicros(), "us/handshake"),
        result("server.alloc", cost.allocatedKilobytes(), "kB/handshake"),
        result("server.switches", cost.contextSwitches(), "1/handshake"));
  }

  private static ScalarResult result(String name, double value, String unit) {
    return new ScalarResult(name, value, unit, AggregationPolicy.AVG);
  }
}
