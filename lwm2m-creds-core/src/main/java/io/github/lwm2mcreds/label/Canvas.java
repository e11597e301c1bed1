// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import java.io.IOException;

/** Where labels are drawn. All lengths are points (1/72 inch), from the upper left corner. */
interface Canvas {
  /** Begins a page, and ends the one before. */
  void page() throws IOException;

  /**
   * Draws a line of text in Courier.
   *
   * @param y of the line on which the characters stand
   * @param text printable Latin-1 characters
   */
  void text(double x, double y, double size, boolean isBold, String text) throws IOException;

  /**
   * Draws a code.
   *
   * @param module the width of a module
   */
  void code(double x, double y, double module, QrCode code) throws IOException;

  /** Ends the last page, and what follows the pages. */
  void finish() throws IOException;
}
