// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.label.LabelException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** One page as SVG 1.1. */
final class SvgCanvas implements Canvas {
  private final OutputStream out;
  private final LabelSheet sheet;
  private boolean hasPage;

  SvgCanvas(OutputStream out, LabelSheet sheet) {
    this.out = out;
    this.sheet = sheet;
  }

  @Override
  public void page() throws IOException {
    if (hasPage) {
      throw new LabelException(
          Reason.TOO_MANY,
          "an SVG file holds one page, " + sheet.labelsOnPage() + " labels: take .pdf for more");
    }
    hasPage = true;
    print(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$smm\" height=\"%2$smm\""
            + " viewBox=\"0 0 %3$.3f %4$.3f\">\n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
            + "<g font-family=\"Courier, 'Courier New', monospace\" xml:space=\"preserve\">\n",
        sheet.pageWidth(),
        sheet.pageHeight(),
        sheet.pageWidth() * 72 / 25.4,
        sheet.pageHeight() * 72 / 25.4);
  }

  /** Writes the width of the text, because a font other than Courier might be wider. */
  @Override
  public void text(double x, double y, double size, boolean isBold, String text)
      throws IOException {
    print(
        "<text x=\"%.3f\" y=\"%.3f\" font-size=\"%.2f\" textLength=\"%.3f\""
            + " lengthAdjust=\"spacingAndGlyphs\"%s>%s</text>\n",
        x,
        y,
        size,
        text.length() * size * LabelText.CHARACTER_WIDTH,
        isBold ? " font-weight=\"bold\"" : "",
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  @Override
  public void code(double x, double y, double module, QrCode code) throws IOException {
    StringBuilder path = new StringBuilder();
    code.forEachRun(
        (column, row, length) ->
            path.append('M')
                .append(column)
                .append(' ')
                .append(row)
                .append('h')
                .append(length)
                .append("v1h-")
                .append(length)
                .append('z'));
    print("<path transform=\"translate(%.3f %.3f) scale(%.5f)\" d=\"%s\"/>\n", x, y, module, path);
  }

  @Override
  public void finish() throws IOException {
    print("</g>\n</svg>\n");
  }

  private void print(String format, Object... values) throws IOException {
    out.write(String.format(Locale.ROOT, format, values).getBytes(UTF_8));
  }
}
