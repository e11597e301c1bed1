// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the names that a mistyped one may stand for, among any number that are offered. */
final class SimilarNames {
  private static final int MAX_DISTANCE = 2;
  private static final int MAX_NAMES = 3;

  private final String typed;
  private final Set<String> names = new LinkedHashSet<>();
  private int nearest;

  SimilarNames(String typed) {
    this.typed = compared(typed);
    this.nearest = Math.min(MAX_DISTANCE, this.typed.length() / 3); // all short names are similar
  }

  /** Returns what a reader sees of a name, whose case may have been overlooked. */
  private static String compared(String name) {
    return LookAlike.seen(name).toLowerCase(Locale.ROOT);
  }

  /** Keeps a name if none before it is nearer. */
  void offer(String name) {
    String lower = compared(name);
    if (Math.abs(lower.length() - typed.length()) > nearest) {
      return;
    }
    int distance = distance(lower);
    if (distance < nearest) {
      names.clear();
      nearest = distance;
    }
    if (distance == nearest && names.size() < MAX_NAMES) {
      names.add(name);
    }
  }

  List<String> nearest() {
    return List.copyOf(names);
  }

  /**
   * Counts the characters to insert, delete or exchange, and the neighbours to swap (the
   * Damerau-Levenshtein distance, in its restricted form).
   */
  private int distance(String name) {
    int[] aboveIt = new int[name.length() + 1];
    int[] above = new int[name.length() + 1];
    for (int j = 0; j <= name.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= typed.length(); i++) {
      int[] row = new int[name.length() + 1];
      row[0] = i;
      for (int j = 1; j <= name.length(); j++) {
        int exchanged = above[j - 1] + (typed.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(exchanged, 1 + Math.min(above[j], row[j - 1]));
        if (isSwapped(name, i, j)) {
          row[j] = Math.min(row[j], 1 + aboveIt[j - 2]);
        }
      }
      aboveIt = above;
      above = row;
    }
    return above[name.length()];
  }

  private boolean isSwapped(String name, int i, int j) {
    return i > 1
        && j > 1
        && typed.charAt(i - 1) == name.charAt(j - 2)
        && typed.charAt(i - 2) == name.charAt(j - 1);
  }
}
