// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Holds a {@link Contest} and prints the results. */
public final class ContestRunner {
  private final Effort effort;
  private final Map<String, String> skipped = new LinkedHashMap<>();

  public ContestRunner(Effort effort) {
    this.effort = effort;
  }

  /** Returns who was left out, and why. */
  public Map<String, String> skipped() {
    return skipped;
  }

  public Map<Contestant, List<Cost>> run(Contest contest) throws IOException, InterruptedException {
    return run(contest.contestants(effort.fleet()));
  }

  public Map<Contestant, List<Cost>> run(List<Contestant> all)
      throws IOException, InterruptedException {
    List<Contestant> present = all.stream().filter(this::isPresent).toList();
    Map<Contestant, List<Cost>> costs = new LinkedHashMap<>();
    for (int fork = 0; fork < effort.forks(); fork++) {
      try (Comparison comparison = new Comparison(present)) {
        comparison
            .run(effort)
            .forEach(
                (contestant, rounds) ->
                    costs.computeIfAbsent(contestant, key -> new ArrayList<>()).addAll(rounds));
      }
    }
    costs.forEach((contestant, rounds) -> print(contestant.name(), Cost.median(rounds)));
    return costs;
  }

  private boolean isPresent(Contestant contestant) {
    Optional<String> missing =
        contestant.server().peer() == ServerSpec.Peer.OPENSSL
            ? OpenSslServer.missing()
            : Optional.empty();
    missing.ifPresent(
        reason -> {
          skipped.put(contestant.name(), reason);
          System.out.println("Left out: " + contestant.name() + ", " + reason);
        });
    return missing.isEmpty();
  }

  private static void print(String name, Cost cost) {
    System.out.printf(
        Locale.ROOT,
        "%-50s %6.0f/s, server: %6.1f us CPU, %5.1f us GC, %6.1f us process, %5.1f kB, %5.2f"
            + " switches%n",
        name,
        cost.handshakesPerSecond(),
        cost.cpuMicros(),
        cost.gcMicros(),
        cost.processMicros(),
        cost.allocatedKilobytes(),
        cost.contextSwitches());
  }
}
