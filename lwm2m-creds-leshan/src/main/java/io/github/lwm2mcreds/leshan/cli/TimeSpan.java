// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as commands take them: 7d, 12h, 30m. */
final class TimeSpan {
  private static final Pattern SPAN = Pattern.compile("([1-9]\\d{0,3})([dhm])");

  private TimeSpan() {}

  /**
   * Reads the value of an option.
   *
   * @param option its name, for the message
   */
  static Duration parse(String option, String text) throws CommandException {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw CommandException.refused(option + " must be a time such as 7d, 12h or 30m");
    }
    long number = Long.parseLong(span.group(1));
    return switch (span.group(2)) {
      case "d" -> Duration.ofDays(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofMinutes(number);
    };
  }
}
