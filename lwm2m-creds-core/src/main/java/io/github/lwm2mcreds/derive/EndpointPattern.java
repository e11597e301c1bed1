// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matches the endpoints of a group: text with one wildcard, written as in the templates of {@code
 * CredentialGenerator}. Identities come from strangers, so matching looks at each character once at
 * most.
 */
final class EndpointPattern {
  /** Leaves room for the suffix that an identity adds to the endpoint. */
  static final int MAX_LENGTH = PskIdentity.MAX_LENGTH - VersionedIdentity.MAX_SUFFIX_LENGTH;

  private static final String UUID_PREFIX = "urn:uuid:";
  private static final Pattern WILDCARD = Pattern.compile("\\*|%(?:0([1-9][0-9]?))?([dxX])");
  private static final Pattern TEXT = Pattern.compile("[!-$&-)+-}]*"); // no %, * and ~

  /** What a wildcard matches. */
  private enum Kind {
    ANY,
    DECIMAL,
    LOWER_HEX,
    UPPER_HEX,
    UUID;

    boolean allows(char c, int index) {
      boolean digit = c >= '0' && c <= '9';
      return switch (this) {
        case ANY -> c > ' ' && c < VersionedIdentity.MARK;
        case DECIMAL -> digit;
        case LOWER_HEX -> digit || c >= 'a' && c <= 'f';
        case UPPER_HEX -> digit || c >= 'A' && c <= 'F';
        case UUID ->
            index == 8 || index == 13 || index == 18 || index == 23
                ? c == '-'
                : LOWER_HEX.allows(c, index);
      };
    }
  }

  private final String before;
  private final Kind kind;
  private final int minLength;
  private final int maxLength;
  private final String after;

  private EndpointPattern(String before, Kind kind, int minLength, int maxLength, String after) {
    this.before = before;
    this.kind = kind;
    this.minLength = minLength;
    this.maxLength = maxLength;
    this.after = after;
  }

  static EndpointPattern parse(String pattern) {
    if (pattern.equals(UUID_PREFIX)) {
      return new EndpointPattern(pattern, Kind.UUID, 36, 36, "");
    }
    Matcher wildcard = WILDCARD.matcher(pattern);
    if (!wildcard.find()) {
      throw refusal(
          pattern, "has no wildcard; use a pattern like sensor-%08x, sensor-* or urn:uuid:");
    }
    String before = pattern.substring(0, wildcard.start());
    String after = pattern.substring(wildcard.end());
    if (!TEXT.matcher(before + after).matches()) {
      throw refusal(
          pattern,
          "must have one wildcard, and otherwise printable ASCII without spaces, %, * and ~");
    }
    int text = before.length() + after.length();
    EndpointPattern result =
        wildcard.group().equals("*")
            ? new EndpointPattern(before, Kind.ANY, 1, MAX_LENGTH - text, after)
            : ofNumber(before, wildcard.group(1), wildcard.group(2), after);
    if (result.maxLength < 1 || text + result.maxLength > MAX_LENGTH) {
      throw refusal(
          pattern, "allows endpoints of more than " + MAX_LENGTH + " characters; make it shorter");
    }
    return result;
  }

  /** A padded number has a fixed width; any other has the digits of a positive {@code long}. */
  private static EndpointPattern ofNumber(
      String before, String width, String conversion, String after) {
    Kind kind =
        switch (conversion) {
          case "d" -> Kind.DECIMAL;
          case "x" -> Kind.LOWER_HEX;
          default -> Kind.UPPER_HEX;
        };
    if (width == null) {
      return new EndpointPattern(before, kind, 1, kind == Kind.DECIMAL ? 19 : 16, after);
    }
    int digits = Integer.parseInt(width);
    return new EndpointPattern(before, kind, digits, digits, after);
  }

  private static IllegalArgumentException refusal(String pattern, String why) {
    return new IllegalArgumentException(
        "the endpoint pattern '" + Printable.escape(pattern) + "' " + why);
  }

  boolean matches(String endpoint) {
    int length = endpoint.length() - before.length() - after.length();
    if (length < minLength
        || length > maxLength
        || !endpoint.startsWith(before)
        || !endpoint.endsWith(after)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!kind.allows(endpoint.charAt(before.length() + i), i)) {
        return false;
      }
    }
    boolean padded = minLength == maxLength || kind == Kind.ANY;
    return padded || length == 1 || endpoint.charAt(before.length()) != '0';
  }

  /**
   * Returns whether an endpoint may match both; sometimes true if none does, never false if one
   * does.
   */
  boolean mayOverlap(EndpointPattern other) {
    return (before.startsWith(other.before) || other.before.startsWith(before))
        && (after.endsWith(other.after) || other.after.endsWith(after))
        && before.length() + minLength + after.length()
            <= other.before.length() + other.maxLength + other.after.length()
        && other.before.length() + other.minLength + other.after.length()
            <= before.length() + maxLength + after.length();
  }
}
