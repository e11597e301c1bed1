// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page in Markdown with tables between marks, such as {@code <!-- begin clients -->}. */
final class InteropPage {
  private final Path file;

  InteropPage(Path file) {
    this.file = file;
  }

  private static String begin(String name) {
    return "<!-- begin " + name + " -->\n";
  }

  private static String end(String name) {
    return "<!-- end " + name + " -->";
  }

  /** Returns a table, of which each line ends with a line's end. */
  String table(String name) throws IOException {
    String text = Files.readString(file);
    int begin = text.indexOf(begin(name)) + begin(name).length();
    return text.substring(begin, text.indexOf(end(name)));
  }

  /** Puts another table in the place of one. */
  void replace(String name, String table) throws IOException {
    String text = Files.readString(file);
    String before = begin(name) + table(name) + end(name);
    Files.writeString(file, text.replace(before, begin(name) + table + end(name)));
  }
}
