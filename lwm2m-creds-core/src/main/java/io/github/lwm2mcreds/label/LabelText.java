// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import io.github.lwm2mcreds.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Text in lines of the largest size at which all of it fits a space.
 *
 * @param size the size of the font, in points
 * @param lines the lines, of printable Latin-1 characters
 */
record LabelText(double size, List<String> lines) {
  /** How wide each character of Courier is, at size 1. */
  static final double CHARACTER_WIDTH = 0.6;

  static final double LINE_HEIGHT = 1.15;

  private static final int STEPS = 40;
  private static final double STEP = 0.25; // so that the largest size is 10

  LabelText {
    lines = List.copyOf(lines);
  }

  /**
   * Returns a text as it is shown: {@link Printable#escape}, and escapes also for what is not in
   * Latin-1, for which a printer need not have a font.
   */
  static String shown(String text) {
    StringBuilder out = new StringBuilder();
    Printable.escape(text)
        .codePoints()
        .forEach(
            c -> {
              if (c < 0x100) {
                out.append((char) c);
              } else {
                out.append(String.format(Locale.ROOT, c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
              }
            });
    return out.toString();
  }

  /**
   * Fits a text.
   *
   * @param text as it is shown
   * @param width of the space, in points
   * @param height of the space, in points
   */
  static LabelText fit(String text, double width, double height) {
    int steps = STEPS;
    while (steps > 1 && height(text, steps * STEP, width) > height) {
      steps--;
    }
    double size = steps * STEP;
    List<String> lines = new ArrayList<>();
    int perLine = perLine(size, width);
    for (int i = 0; i < text.length(); i += perLine) {
      lines.add(text.substring(i, Math.min(text.length(), i + perLine)));
    }
    return new LabelText(size, lines);
  }

  private static int perLine(double size, double width) {
    return Math.max(1, (int) (width / (CHARACTER_WIDTH * size)));
  }

  private static double height(String text, double size, double width) {
    int perLine = perLine(size, width);
    int lines = (text.length() + perLine - 1) / perLine;
    return lines * size * LINE_HEIGHT;
  }
}
