// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.leshan.rest.SyncStep.Action;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Cause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What it takes to bring a server to a store's state: a step for each endpoint that one of them
 * has, in the order of their names. Contains no key.
 */
public final class SyncPlan {
  private final List<SyncStep> steps;
  private final List<Chain> chains;

  /**
   * Steps of which each waits for the one before it, which gives up a PSK identity.
   *
   * @param isCycle whether the first waits for the last, which has to be taken off the server
   */
  record Chain(List<SyncStep> steps, boolean isCycle) {
    /** Taking away goes first, and of that what was revoked. */
    private int rank() {
      SyncStep first = steps.get(0);
      if (first.cause() == Cause.REVOKED) {
        return 0;
      }
      return first.action() == Action.REMOVE ? 1 : 2;
    }
  }

  private SyncPlan(Collection<SyncStep> steps, List<Chain> chains) {
    this.steps = List.copyOf(steps);
    this.chains = List.copyOf(chains);
  }

  /**
   * Orders steps.
   *
   * @param steps by their endpoints; changed
   * @param holders the endpoint on the server that has the identity which an endpoint is to get
   */
  static SyncPlan of(Map<String, SyncStep> steps, Map<String, String> holders) {
    Map<String, String> waiting = new HashMap<>(); // holder → who waits for it, at most one
    holders.forEach(
        (endpoint, holder) -> {
          if (steps.get(endpoint).action().changes()) {
            steps.computeIfPresent(endpoint, (name, step) -> step.withOwner(holder));
            waiting.put(holder, endpoint);
          }
        });
    for (String holder : List.copyOf(waiting.keySet())) {
      Action action = steps.get(holder).action();
      if (action == Action.LOCK || !action.changes()) {
        conflict(holder, steps, waiting);
      }
    }
    List<Chain> chains = chains(steps, waiting);
    chains.sort(Comparator.comparingInt(Chain::rank)); // stable
    return new SyncPlan(steps.values(), chains);
  }

  /** Whoever waits for what does not happen cannot be put, nor can who waits for that. */
  private static void conflict(
      String holder, Map<String, SyncStep> steps, Map<String, String> waiting) {
    String endpoint = waiting.remove(holder);
    while (endpoint != null) {
      steps.computeIfPresent(
          endpoint, (name, step) -> step.with(Action.CONFLICT, Cause.IDENTITY_IN_USE));
      endpoint = waiting.remove(endpoint);
    }
  }

  private static List<Chain> chains(Map<String, SyncStep> steps, Map<String, String> waiting) {
    Set<String> later = new HashSet<>(waiting.values());
    List<Chain> chains = new ArrayList<>();
    for (SyncStep step : steps.values()) {
      if (step.action().changes() && !later.contains(step.endpoint())) {
        chains.add(new Chain(chain(step.endpoint(), steps, waiting), false));
      }
    }
    while (!waiting.isEmpty()) { // only cycles are left
      String any = waiting.keySet().iterator().next();
      chains.add(new Chain(chain(waiting.remove(any), steps, waiting), true));
    }
    return chains;
  }

  /** Returns who waits for whom from an endpoint on, and takes them out. */
  private static List<SyncStep> chain(
      String first, Map<String, SyncStep> steps, Map<String, String> waiting) {
    List<SyncStep> chain = new ArrayList<>(1);
    for (String endpoint = first; endpoint != null; endpoint = waiting.remove(endpoint)) {
      chain.add(steps.get(endpoint));
    }
    return List.copyOf(chain);
  }

  /**
   * Returns what is done about each endpoint.
   *
   * @return the steps, in the order of their endpoints
   */
  public List<SyncStep> steps() {
    return steps;
  }

  /**
   * Returns how many endpoints something is done about.
   *
   * @param action what is done
   * @return the number of steps with it
   */
  public long count(Action action) {
    return steps.stream().filter(step -> step.action() == action).count();
  }

  /**
   * Returns how many steps change the server.
   *
   * @return their number; 0 if nothing is to be done
   */
  public long changes() {
    return steps.stream().filter(step -> step.action().changes()).count();
  }

  Collection<Chain> chains() {
    return chains;
  }
}
