// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads files of commands, each a line about the identity or the key under one security tag. */
final class TaggedLines {
  private final Pattern command;
  private final Pattern other;
  private final String shape;
  private final Command taking;

  /** Takes identity or key out of a command. */
  interface Command {
    void take(Matcher line, byte[] file, Parts parts) throws DeviceFormatException;
  }

  /**
   * Describes the lines.
   *
   * @param command matches a command; its first group is the tag, at most ten digits
   * @param other matches lines that say nothing
   * @param shape the command, for messages
   */
  TaggedLines(Pattern command, Pattern other, String shape, Command taking) {
    this.command = command;
    this.other = other;
    this.shape = shape;
    this.taking = taking;
  }

  DeviceCredential decode(byte[] file) throws DeviceFormatException {
    Latin1View text = new Latin1View(file);
    long tag = -1;
    try (Parts parts = new Parts()) {
      for (int start = 0, end; start < file.length; start = end + 1) {
        end = text.endOfLine(start);
        Matcher line = command.matcher(text).region(start, end);
        if (line.matches()) {
          tag = sameTag(tag, Long.parseLong(line.group(1)), line.start(1));
          taking.take(line, file, parts);
        } else if (!other.matcher(text).region(start, end).matches()) {
          throw new DeviceFormatException(Reason.MALFORMED, start, "the line is not " + shape);
        }
      }
      return parts.ofIdentity(file.length);
    }
  }

  /** Returns the tag of a line, which is that of the lines before, of which there may be none. */
  private static long sameTag(long before, long found, int offset) throws DeviceFormatException {
    if (found > Integer.MAX_VALUE) {
      throw new DeviceFormatException(
          Reason.MALFORMED, offset, "a security tag is 0 to " + Integer.MAX_VALUE);
    }
    if (before >= 0 && found != before) {
      throw new DeviceFormatException(
          Reason.AMBIGUOUS, offset, "the file has the security tags " + before + " and " + found);
    }
    return found;
  }
}
