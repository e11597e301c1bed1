// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.manifest.CsvFormulas;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Labels as CSV (RFC 4180) in UTF-8, lines ending in CR LF, without {@linkplain CsvFormulas
 * formulas}.
 */
final class CsvLabels implements LabelOutput {
  private final OutputStream out;

  CsvLabels(OutputStream out) throws IOException {
    this.out = out;
    out.write("endpoint,checkValue,lot\r\n".getBytes(UTF_8));
  }

  @Override
  public void write(Label label) throws IOException {
    String line =
        field(label.endpoint())
            + ","
            + label.checkValue()
            + ","
            + field(label.lot().orElse(""))
            + "\r\n";
    out.write(line.getBytes(UTF_8));
  }

  /** Quotes also what other readers take for a comment, or strip. */
  private static String field(String content) {
    String text = CsvFormulas.escape(content);
    boolean isPlain =
        text.equals(text.strip())
            && !text.startsWith("#")
            && text.indexOf(',') < 0
            && text.indexOf('"') < 0;
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void finish() {
    // nothing follows
  }

  @Override
  public void close() {
    // nothing is open
  }
}
