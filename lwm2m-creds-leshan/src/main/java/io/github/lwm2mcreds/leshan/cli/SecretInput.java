// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Secrets that an option refers to, as {@code @FILE} or as {@code -} for standard input. That keeps
 * them out of the process list and the shell's history.
 */
final class SecretInput {
  private static final int MAX_LENGTH = 4096;
  private static final String STANDARD_INPUT = "standard input";

  private SecretInput() {}

  static boolean isReference(String value) {
    return value.equals("-") || value.startsWith("@");
  }

  /** Reads a single word, such as a device token; the caller wipes it. */
  static byte[] word(String reference, Streams streams) throws CommandException {
    if (reference.equals("-")) {
      return stripped(STANDARD_INPUT, readAll(streams.in()));
    }
    Path file = InputFile.path(reference.substring(1));
    return stripped(InputFile.name(file), InputFile.read(file));
  }

  /**
   * Reads a passphrase from the first line; the caller wipes it.
   *
   * @param isNew whether to ask for it twice on a terminal
   */
  static char[] passphrase(String option, String reference, boolean isNew, Streams streams)
      throws CommandException {
    if (!isReference(reference)) {
      throw CommandException.refused(
          option + " must be @FILE or -: others can see the command line");
    }
    Console console = System.console();
    if (reference.equals("-") && console != null && streams.in() == System.in) {
      return ask(console, option, isNew);
    }
    if (reference.equals("-")) {
      return decoded(STANDARD_INPUT, line(streams.in()));
    }
    Path file = InputFile.path(reference.substring(1));
    byte[] content = InputFile.read(file);
    try {
      return decoded(InputFile.name(file), line(new ByteArrayInputStream(content)));
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /**
   * Reads the first line of a file or of standard input, such as a bearer token; the caller wipes
   * it.
   */
  static char[] line(String option, String reference, Streams streams) throws CommandException {
    if (!isReference(reference)) {
      throw CommandException.refused(
          option + " must be @FILE or -: others can see the command line");
    }
    if (reference.equals("-")) {
      return decoded(STANDARD_INPUT, line(streams.in()));
    }
    Path file = InputFile.path(reference.substring(1));
    return SecretBytes.useAndWipe(
        InputFile.read(file),
        content -> decoded(InputFile.name(file), line(new ByteArrayInputStream(content))));
  }

  private static char[] ask(Console console, String option, boolean isNew) throws CommandException {
    char[] passphrase = console.readPassword("%s: ", option);
    char[] again = isNew ? console.readPassword("%s again: ", option) : passphrase;
    if (passphrase == null || passphrase.length == 0) {
      throw CommandException.refused("the passphrase is empty");
    }
    if (!Arrays.equals(passphrase, again)) {
      throw CommandException.refused("the two passphrases differ");
    }
    return passphrase;
  }

  /** Reads a line without its end, and no byte after it; the caller wipes it. */
  static byte[] line(InputStream in) throws CommandException {
    byte[] buffer = new byte[MAX_LENGTH];
    int length = 0;
    try {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        if (length == MAX_LENGTH) {
          throw CommandException.refused("a line is longer than " + MAX_LENGTH + " bytes");
        }
        buffer[length++] = (byte) b;
      }
      return Arrays.copyOf(buffer, length > 0 && buffer[length - 1] == '\r' ? length - 1 : length);
    } catch (IOException e) {
      throw CommandException.failed(STANDARD_INPUT + ": cannot be read", e);
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  /** Decodes a passphrase and wipes its source. */
  private static char[] decoded(String name, byte[] line) throws CommandException {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
      char[] passphrase = Arrays.copyOf(text.array(), text.limit());
      Arrays.fill(text.array(), '\0');
      if (passphrase.length == 0) {
        throw CommandException.refused(name + ": the first line is empty");
      }
      if (passphrase[0] == '\ufeff') {
        throw CommandException.refused(
            name + ": begins with a byte order mark; save it without one");
      }
      return passphrase;
    } catch (CharacterCodingException e) {
      throw CommandException.refused(name + ": is not UTF-8 text", e);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private static byte[] readAll(InputStream in) throws CommandException {
    try {
      return in.readNBytes(MAX_LENGTH + 1);
    } catch (IOException e) {
      throw CommandException.failed(STANDARD_INPUT + ": cannot be read", e);
    }
  }

  /** Strips the white space around a token, such as the line's end, and wipes its source. */
  private static byte[] stripped(String name, byte[] content) throws CommandException {
    try {
      if (content.length > MAX_LENGTH) {
        throw CommandException.refused(name + ": is too large for a device token");
      }
      if (content.length > 1
          && (content[0] == (byte) 0xef
              || content[0] == (byte) 0xff
              || content[0] == (byte) 0xfe)) {
        throw CommandException.refused(
            name + ": begins with a byte order mark; save it as plain ASCII");
      }
      int start = 0;
      int end = content.length;
      while (start < end && content[start] >= 0 && content[start] <= ' ') {
        start++;
      }
      while (end > start && content[end - 1] >= 0 && content[end - 1] <= ' ') {
        end--;
      }
      return Arrays.copyOfRange(content, start, end);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }
}
