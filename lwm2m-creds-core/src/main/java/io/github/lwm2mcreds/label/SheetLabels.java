// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import java.io.Closeable;
import java.io.IOException;

/** Labels on sheets: to the left the QR code, to the right endpoint and check value. */
final class SheetLabels implements LabelOutput {
  private static final double POINTS = 72 / 25.4; // in a millimetre
  private static final double MARGIN = 2 * POINTS;
  private static final double LARGEST_CODE = 28 * POINTS;
  private static final double CHECK_SIZE = 10;

  private final LabelSheet sheet;
  private final Canvas canvas;
  private final Closeable resources;
  private long count;

  /**
   * Begins.
   *
   * @param resources what the canvas holds open
   */
  SheetLabels(LabelSheet sheet, Canvas canvas, Closeable resources) {
    this.sheet = sheet;
    this.canvas = canvas;
    this.resources = resources;
  }

  @Override
  public void write(Label label) throws IOException {
    int place = (int) (count % sheet.labelsOnPage());
    if (place == 0) {
      canvas.page();
    }
    count++;
    draw(label, sheet.left(place) * POINTS, sheet.top(place) * POINTS);
  }

  private void draw(Label label, double left, double top) throws IOException {
    double height = sheet.labelHeight() * POINTS;
    double side = Math.min(height - MARGIN, LARGEST_CODE);
    QrCode code = QrCode.of(label.codeText());
    double module = side / (code.size() + 2 * QrCode.QUIET);
    double inset = (height - side) / 2 + QrCode.QUIET * module;
    canvas.code(left + MARGIN / 2 + QrCode.QUIET * module, top + inset, module, code);

    double x = left + MARGIN / 2 + side;
    double width = sheet.labelWidth() * POINTS - side - MARGIN * 3 / 2;
    double room = height - 2 * MARGIN - CHECK_SIZE * LabelText.LINE_HEIGHT;
    LabelText text = LabelText.fit(LabelText.shown(label.endpoint()), width, room);
    double y = top + MARGIN;
    for (String line : text.lines()) {
      canvas.text(x, y + text.size(), text.size(), false, line);
      y += text.size() * LabelText.LINE_HEIGHT;
    }
    canvas.text(x, top + height - MARGIN, CHECK_SIZE, true, label.checkValue().toString());
  }

  @Override
  public void finish() throws IOException {
    if (count == 0) {
      canvas.page();
    }
    canvas.finish();
  }

  @Override
  public void close() throws IOException {
    resources.close();
  }
}
