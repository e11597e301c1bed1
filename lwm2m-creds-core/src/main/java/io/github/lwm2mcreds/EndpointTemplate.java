// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Endpoints made from a template: text with one counter, or {@code urn:uuid:}. */
final class EndpointTemplate {
  static final String UUID_PREFIX = "urn:uuid:";
  private static final String MAC_PREFIX = "urn:dev:mac:";
  private static final Pattern COUNTER = Pattern.compile("%(?:0([1-9][0-9]?))?([dxX])");
  private static final Pattern EUI_64 = Pattern.compile("[0-9a-f]{16}");

  private final String before;
  private final String format;
  private final int width;
  private final String after;
  private final AtomicLong counter = new AtomicLong();

  private EndpointTemplate(String before, String format, int width, String after) {
    this.before = before;
    this.format = format;
    this.width = width;
    this.after = after;
  }

  /** Returns a template that counts from 0, if it counts. */
  static EndpointTemplate parse(String template) {
    EndpointTemplate result =
        template.equals(UUID_PREFIX)
            ? new EndpointTemplate(template, null, 0, "")
            : withCounter(template);
    result.checkFirst(0);
    return result;
  }

  private static EndpointTemplate withCounter(String template) {
    Matcher counter = COUNTER.matcher(template);
    if (!counter.find()) {
      throw new IllegalArgumentException(
          "the endpoint template '"
              + Printable.escape(template)
              + "' has no counter, so all endpoints would be the same; use one like sensor-%08x, or"
              + " urn:uuid:");
    }
    String before = template.substring(0, counter.start());
    String after = template.substring(counter.end());
    if (before.indexOf('%') >= 0 || after.indexOf('%') >= 0) {
      throw new IllegalArgumentException(
          "the endpoint template '"
              + Printable.escape(template)
              + "' may contain only one %, for its counter");
    }
    int width = counter.group(1) == null ? 0 : Integer.parseInt(counter.group(1));
    return new EndpointTemplate(before, counter.group(), width, after);
  }

  boolean counts() {
    return format != null;
  }

  /** Sets the number of the next endpoint, if the template counts. */
  void startAt(long firstNumber) {
    if (firstNumber < 0) {
      throw new IllegalArgumentException(
          "the endpoint counter must start at 0 or above, not at " + firstNumber);
    }
    checkFirst(firstNumber);
    counter.set(firstNumber);
  }

  /** Raises the number of the next endpoint above those of endpoints that are taken. */
  void startAfter(Stream<String> taken) {
    OptionalLong highest = taken.map(this::numberOf).flatMapToLong(OptionalLong::stream).max();
    if (highest.isEmpty() || highest.getAsLong() < counter.get()) {
      return;
    }
    if (highest.getAsLong() == Long.MAX_VALUE) {
      throw new IllegalArgumentException("the endpoint template " + this + " has no number left");
    }
    startAt(highest.getAsLong() + 1);
  }

  private void checkFirst(long firstNumber) {
    if (!counts()) {
      return;
    }
    if (!fits(digits(firstNumber))) {
      throw new IllegalArgumentException(
          "the endpoint counter has " + width + " digits and cannot start at " + firstNumber);
    }
    String first = endpoint(firstNumber);
    DeviceCredential.checkEndpoint(first);
    PskIdentity.of(width == 0 ? endpoint(Long.MAX_VALUE) : first); // the longest there will be
    // Only a counter of fixed width and lower case keeps every later endpoint an EUI-64 too.
    if (first.startsWith(MAC_PREFIX)
        && (width == 0
            || format.endsWith("X")
            || !EUI_64.matcher(first.substring(MAC_PREFIX.length())).matches())) {
      throw new IllegalArgumentException(
          "'"
              + Printable.escape(first)
              + "' is not urn:dev:mac: followed by an EUI-64, 16 lower-case hex digits (RFC 9039);"
              + " insert fffe in the middle of a 48-bit address");
    }
  }

  /** Returns the next endpoint; throws when the counter no longer fits its width. */
  String next(SecureRandom random) {
    return counts() ? endpoint(counter.getAndIncrement()) : before + randomUuid(random);
  }

  /** Returns the number from which this template makes an endpoint; empty if from none. */
  OptionalLong numberOf(String endpoint) {
    int end = endpoint.length() - after.length();
    if (!counts()
        || end <= before.length()
        || !endpoint.startsWith(before)
        || !endpoint.endsWith(after)) {
      return OptionalLong.empty();
    }
    try {
      int radix = format.endsWith("d") ? 10 : 16;
      long number = Long.parseLong(endpoint, before.length(), end, radix);
      return number >= 0 && fits(digits(number)) && endpoint(number).equals(endpoint)
          ? OptionalLong.of(number)
          : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private String endpoint(long number) {
    String digits = digits(number);
    if (number < 0 || !fits(digits)) {
      throw new IllegalStateException(
          "the endpoint template " + this + " has no number left; give its counter more digits");
    }
    return before + digits + after;
  }

  private String digits(long number) {
    return String.format(Locale.ROOT, format, number);
  }

  private boolean fits(String digits) {
    return width == 0 || digits.length() <= width;
  }

  /** Returns the template in quotes, for messages. */
  @Override
  public String toString() {
    return "'" + Printable.escape(before + (counts() ? format : "") + after) + "'";
  }

  private static UUID randomUuid(SecureRandom random) {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() & ~(0xc0L << 56) | 0x80L << 56;
    return new UUID(high, low);
  }
}
