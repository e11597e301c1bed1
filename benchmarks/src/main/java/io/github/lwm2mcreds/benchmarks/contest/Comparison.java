// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures servers in turn, in short rounds: A B C A B C and so on, so that other work on the
 * machine affects all of them. All run the whole time, and are idle between their turns.
 */
final class Comparison implements AutoCloseable {
  private final Map<Contestant, Lane> lanes = new LinkedHashMap<>();

  Comparison(List<Contestant> contestants) throws IOException {
    for (Contestant contestant : contestants) {
      lanes.put(contestant, new Lane(contestant));
    }
  }

  /**
   * Warms all servers up and measures them.
   *
   * @return the cost of each round, by contestant
   */
  Map<Contestant, List<Cost>> run(Effort effort) throws InterruptedException {
    warmUp(effort);
    Map<Contestant, List<Cost>> costs = new LinkedHashMap<>();
    for (int round = 0; round < effort.rounds(); round++) {
      for (Map.Entry<Contestant, Lane> lane : lanes.entrySet()) {
        Cost cost = lane.getValue().run(effort.roundMillis());
        costs.computeIfAbsent(lane.getKey(), name -> new ArrayList<>()).add(cost);
      }
    }
    return costs;
  }

  private void warmUp(Effort effort) throws InterruptedException {
    long least = 0;
    for (int round = 0; !effort.isWarm(round, least); round++) {
      least = Long.MAX_VALUE;
      for (Lane lane : lanes.values()) {
        lane.run(effort.roundMillis());
        least = Math.min(least, lane.process.usage().handshakes());
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Lane lane : lanes.values()) {
      lane.close();
    }
  }

  private static final class Lane {
    private final ServerProcess process;
    private final Load load;

    Lane(Contestant contestant) throws IOException {
      process = ServerProcess.start(contestant.server(), contestant.jvmOptions());
      load =
          new Load(
              contestant.server(), process.port(), contestant.mode(), contestant.concurrency());
    }

    Cost run(long millis) throws InterruptedException {
      ServerUsage before = process.usage();
      long start = System.nanoTime();
      load.run(millis);
      long nanos = System.nanoTime() - start;
      return Cost.of(process.usage().since(before), nanos);
    }

    void close() throws IOException {
      load.close();
      process.close();
    }
  }
}
