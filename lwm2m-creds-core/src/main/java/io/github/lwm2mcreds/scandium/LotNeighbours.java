// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of devices that were made just before or after one, if they are counted. */
final class LotNeighbours {
  private static final int EACH_WAY = 16;

  /** As many digits as surely fit into a long. */
  private static final int MAX_DIGITS = 15;

  private static final Pattern DECIMAL = Pattern.compile("[0-9]+");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{2,}|[0-9A-F]{2,}");

  private LotNeighbours() {}

  /** Returns up to a hundred names, the nearest first; few of them need to exist. */
  static Set<String> of(String name) {
    Set<String> names = new LinkedHashSet<>();
    int[] decimal = last(DECIMAL, name);
    int[] hex = last(HEX, name);
    for (int distance = 1; distance <= EACH_WAY; distance++) {
      add(name, decimal, 10, distance, names);
      if (!Arrays.equals(hex, decimal) || decimal[1] - decimal[0] > 1) {
        add(name, hex, 16, distance, names);
      }
    }
    names.remove(name);
    return names;
  }

  /** The last number in a name, or the end of it if it is very long; of no length if none. */
  private static int[] last(Pattern number, String name) {
    int[] range = {0, 0};
    Matcher matcher = number.matcher(name);
    while (matcher.find()) {
      range[0] = Math.max(matcher.start(), matcher.end() - MAX_DIGITS);
      range[1] = matcher.end();
    }
    return range;
  }

  private static void add(String name, int[] range, int radix, int distance, Set<String> names) {
    int width = range[1] - range[0];
    if (width == 0) {
      return;
    }
    String digits = name.substring(range[0], range[1]);
    boolean upper = !digits.equals(digits.toLowerCase(Locale.ROOT));
    long number = Long.parseLong(digits, radix);
    for (long other : new long[] {number - distance, number + distance}) {
      if (other >= 0) {
        String lower = Long.toString(other, radix);
        String cased = upper ? lower.toUpperCase(Locale.ROOT) : lower;
        String padded = "0".repeat(Math.max(0, width - cased.length())) + cased;
        names.add(name.substring(0, range[0]) + padded + name.substring(range[1]));
        if (digits.charAt(0) != '0') {
          names.add(name.substring(0, range[0]) + cased + name.substring(range[1]));
        }
      }
    }
  }
}
