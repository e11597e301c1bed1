// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What devices are imported from. */
enum SourceKind {
  MANIFEST("manifest"),
  LESHAN_FILE("leshan-file"),
  SCANDIUM_PSK_FILE("scandium-psk-file"),
  THINGSBOARD("thingsboard"),
  LESHAN_SERVER("leshan-server"),
  LESHAN_REDIS("leshan-redis");

  private static final int HEAD = 1 << 12;
  private static final int SERIALIZED = 0xaced;

  /** A first line that only a file of identities and keys has. */
  private static final Pattern PSK_LINE = Pattern.compile("[^,;{\\[\\t=]+=[:0-9A-Za-z+/]+=*");

  private final String word;

  SourceKind(String word) {
    this.word = word;
  }

  /** Returns the word that is typed. */
  @Override
  public String toString() {
    return word;
  }

  /**
   * Finds out what a file is by how it begins.
   *
   * @return the kind if that is certain; a manifest for all that it alone can tell, and for what
   *     cannot be read twice, such as a pipe
   * @throws CommandException if it may be a file of Scandium's, in clear
   */
  static SourceKind of(Path file) throws CommandException {
    if (!Files.isRegularFile(file)) {
      return MANIFEST;
    }
    byte[] head = head(file);
    try {
      return of(head)
          .orElseThrow(
              () ->
                  CommandException.refused(
                      InputFile.name(file)
                          + ": begins with a line as in a file of Scandium's MultiPskFileStore:"
                          + " --from "
                          + SCANDIUM_PSK_FILE
                          + " or --from "
                          + MANIFEST
                          + " says what it is"));
    } finally {
      Arrays.fill(head, (byte) 0);
    }
  }

  private static byte[] head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      return new byte[0]; // whoever opens it reports that
    }
  }

  private static Optional<SourceKind> of(byte[] head) {
    if (head.length < 2) {
      return Optional.of(MANIFEST);
    }
    int first = (head[0] & 0xff) << 8 | head[1] & 0xff;
    if (first == SERIALIZED) {
      return Optional.of(LESHAN_FILE);
    }
    if (head[0] >= 2 && head[0] <= 4 && (head[1] == 1 || head[1] == 2)) {
      return Optional.of(SCANDIUM_PSK_FILE); // encrypted, by one of Californium's ciphers
    }
    String line = firstLine(head);
    if (line.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "").contains("lwm2mclientendpoint")) {
      return Optional.of(THINGSBOARD);
    }
    return PSK_LINE.matcher(line).matches() ? Optional.empty() : Optional.of(MANIFEST);
  }

  /** Returns the first line that is neither blank nor a comment. */
  private static String firstLine(byte[] head) {
    return new String(head, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .findFirst()
        .orElse("");
  }
}
