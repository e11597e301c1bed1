// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.DevicetreeSearch.Found;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results of reading the source, once for each combination of unknown names. */
final class DtsOutcomes {
  private static final int MAX_WAYS = 256;
  private static final int MAX_CANDIDATES = 10;

  /** An outcome, and the first way that led to it. */
  private record Candidate(DtsOutcome outcome, String way) {
    String text() {
      return outcome.text() + (way.isEmpty() ? "" : " " + way);
    }
  }

  private final List<Candidate> candidates = new ArrayList<>();
  private DtsOutcome first;
  private List<String> asked = List.of();
  private int ways;
  private boolean incomplete;

  void add(DtsOutcome outcome, DtsConditions conditions) {
    if (first == null) {
      first = outcome;
      asked = conditions.asked();
    }
    ways++;
    if (candidates.stream().noneMatch(candidate -> candidate.outcome.isSameAs(outcome))) {
      candidates.add(new Candidate(outcome, conditions.describe()));
    }
  }

  /** Whether no other way needs to be tried, or none can. */
  boolean areDecided(DtsBudget budget) {
    incomplete = ways == MAX_WAYS || !budget.isAmple() || candidates.size() > MAX_CANDIDATES;
    return isAffirmed() || incomplete;
  }

  /** Whether given definitions select the partition and nothing not known does. */
  private boolean isAffirmed() {
    return first.found().filter(found -> found.place().affirmed()).isPresent();
  }

  Found found() throws FlashImageException {
    // What does not compile is no build.
    List<Candidate> builds = candidates.stream().filter(c -> !c.outcome.isMalformed()).toList();
    if (builds.isEmpty()) {
      throw first.failure().orElseThrow();
    }
    if (isAffirmed()) {
      return found(first.found().orElseThrow(), asked);
    }
    if (builds.size() > 1 || incomplete) {
      throw ambiguous(builds);
    }
    DtsOutcome only = builds.get(0).outcome;
    if (only.failure().isPresent()) {
      throw only.failure().get();
    }
    return found(only.found().orElseThrow(), List.of());
  }

  private FlashImageException ambiguous(List<Candidate> builds) {
    List<Candidate> single = builds.stream().filter(c -> !c.outcome.isAmbiguous()).toList();
    List<Candidate> listed = single.size() > 1 ? single : builds;
    return new FlashImageException(
        Reason.AMBIGUOUS_PARTITION,
        "where the partition is depends on what is not given ("
            + names(asked)
            + "): "
            + listed.stream().map(Candidate::text).collect(Collectors.joining("; ")));
  }

  private static String names(List<String> all) {
    String some = all.stream().limit(MAX_CANDIDATES).collect(Collectors.joining(", "));
    return all.size() > MAX_CANDIDATES ? some + ", ..." : some;
  }

  private static Found found(DtsFound found, List<String> takenAsUndefined) {
    Stream<String> base =
        found.baseIsUnknown()
            ? Stream.of(
                "the devicetree does not say where its flash begins; 0 is assumed, which is wrong"
                    + " on STM32 and others; give the board's devicetree first")
            : Stream.empty();
    Stream<String> undefined =
        takenAsUndefined.isEmpty()
            ? Stream.empty()
            : Stream.of("taken as not defined: " + names(takenAsUndefined));
    return new Found(
        found.location(), found.place().toString(), Stream.concat(base, undefined).toList());
  }
}
