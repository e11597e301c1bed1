// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Decides what is not known: which macros a build defines that no file and no caller does. It goes
 * through every combination, one for each time that the source is read.
 */
final class DtsConditions {
  private static final int MAX_DESCRIBED = 5;

  private final Map<String, String> defined = new HashMap<>();
  private final TreeSet<String> undefined = new TreeSet<>();
  private boolean configurationIsComplete;

  private List<Boolean> planned = List.of();
  private final LinkedHashMap<String, Boolean> decided = new LinkedHashMap<>();

  void define(String name, String value) {
    defined.put(name, value);
    undefined.remove(name);
  }

  void undefine(String name) {
    undefined.add(name);
    defined.remove(name);
  }

  /** Says that every {@code CONFIG_} name that is not defined is not defined in the build. */
  void completeConfiguration() {
    configurationIsComplete = true;
  }

  Map<String, String> defined() {
    return defined;
  }

  /** Whether the caller said whether the name is defined. */
  boolean isGiven(String name) {
    return defined.containsKey(name) || isGivenAsUndefined(name);
  }

  boolean isGivenAsUndefined(String name) {
    return undefined.contains(name) || configurationIsComplete && name.startsWith("CONFIG_");
  }

  /** Decides something that is not known, in the same way until the next combination. */
  boolean decide(String question) {
    Boolean before = decided.get(question);
    if (before != null) {
      return before;
    }
    int index = decided.size();
    boolean answer = index < planned.size() && planned.get(index);
    decided.put(question, answer);
    return answer;
  }

  /** Goes back to the first combination, in which nothing that is not known holds. */
  void restart() {
    planned = List.of();
    decided.clear();
  }

  /** Goes on to the next combination; false if there is none. */
  boolean next() {
    List<Boolean> answers = new ArrayList<>(decided.values());
    while (!answers.isEmpty() && answers.get(answers.size() - 1)) {
      answers.remove(answers.size() - 1);
    }
    if (answers.isEmpty()) {
      return false;
    }
    answers.set(answers.size() - 1, true);
    planned = answers;
    decided.clear();
    return true;
  }

  /** Returns what was asked. */
  List<String> asked() {
    return List.copyOf(decided.keySet());
  }

  /** Describes the combination by what holds in it. */
  String describe() {
    List<String> held =
        decided.entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(Map.Entry::getKey)
            .limit(MAX_DESCRIBED)
            .toList();
    if (!held.isEmpty()) {
      return "with " + String.join(" and ", held);
    }
    return decided.isEmpty() ? "" : "without them";
  }
}
