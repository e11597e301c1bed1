// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Locale;

/** Pages as PDF content streams (ISO 32000-1, 8 and 9), one of which is in memory. */
final class PdfCanvas implements Canvas {
  private final PdfFile file;
  private final double height;
  private final StringBuilder content = new StringBuilder();
  private boolean hasPage;

  /**
   * Begins.
   *
   * @param height of the page
   */
  PdfCanvas(PdfFile file, double height) {
    this.file = file;
    this.height = height;
  }

  @Override
  public void page() throws IOException {
    end();
    hasPage = true;
  }

  private void end() throws IOException {
    if (hasPage) {
      file.page(content.toString().getBytes(ISO_8859_1));
      content.setLength(0);
    }
  }

  @Override
  public void text(double x, double y, double size, boolean isBold, String text) {
    String escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
    print(
        "BT /%s %.2f Tf %.3f %.3f Td (%s) Tj ET\n",
        isBold ? PdfFile.BOLD : PdfFile.PLAIN, size, x, height - y, escaped);
  }

  /** Fills all modules at once, so that no light line is between two of them. */
  @Override
  public void code(double x, double y, double module, QrCode code) throws IOException {
    print("q %.5f 0 0 %.5f %.3f %.3f cm\n", module, -module, x, height - y);
    code.forEachRun(
        (column, row, length) ->
            content
                .append(column)
                .append(' ')
                .append(row)
                .append(' ')
                .append(length)
                .append(" 1 re\n"));
    content.append("f Q\n");
  }

  @Override
  public void finish() throws IOException {
    end();
    file.finish();
  }

  private void print(String format, Object... values) {
    content.append(String.format(Locale.ROOT, format, values));
  }
}
