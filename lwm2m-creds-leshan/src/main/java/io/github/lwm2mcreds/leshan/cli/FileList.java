// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A list of files: UTF-8 text with one path a line. Blank lines do not count. */
final class FileList {
  private static final String STANDARD_INPUT = "-";
  private static final int MAX_SIZE = 64 << 20; // of half a million long paths

  private FileList() {}

  /**
   * Reads a list.
   *
   * @param name its file, or {@code -} for standard input
   * @return the files, all of which are there
   */
  static List<Path> read(String name, Streams streams) throws CommandException {
    boolean isInput = name.equals(STANDARD_INPUT);
    String shown = isInput ? "standard input" : InputFile.name(InputFile.path(name));
    List<String> lines =
        decoded(shown, isInput ? readAll(streams) : InputFile.read(InputFile.path(name)))
            .lines()
            .toList();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        files.add(file(lines.get(i), shown + ", line " + (i + 1)));
      }
    }
    if (files.isEmpty()) {
      throw CommandException.refused(shown + ": the list names no file");
    }
    return files;
  }

  private static Path file(String line, String place) throws CommandException {
    try {
      Path file = InputFile.path(line);
      InputFile.requireFile(file);
      return file;
    } catch (CommandException e) {
      throw e.about(place);
    }
  }

  private static String decoded(String shown, byte[] content) throws CommandException {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw CommandException.refused(
          shown
              + ": is not UTF-8 text with one path a line (a file whose name begins with @ is"
              + " given as ./@name)",
          e);
    }
  }

  private static byte[] readAll(Streams streams) throws CommandException {
    try {
      byte[] content = streams.in().readNBytes(MAX_SIZE + 1);
      if (content.length > MAX_SIZE) {
        throw CommandException.refused("standard input: is larger than 64 MiB, so it is no list");
      }
      return content;
    } catch (IOException e) {
      throw CommandException.failed("standard input: cannot be read", e);
    }
  }
}
