// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import io.github.lwm2mcreds.label.LabelException.Reason;
import java.nio.file.Path;
import java.util.Locale;

/** The formats of labels. */
public enum LabelFormat {
  /**
   * A table for a label printer's own program: {@code endpoint,checkValue,lot}; any number. An
   * endpoint that a spreadsheet would take for a formula has an apostrophe in front, see {@link
   * io.github.lwm2mcreds.manifest.CsvFormulas}.
   */
  CSV,
  /** One page, as a picture. */
  SVG,
  /** Any number of pages. */
  PDF;

  /**
   * Returns the format that a file's name ends in.
   *
   * @param file a name that ends in {@code .csv}, {@code .svg} or {@code .pdf}, in either case
   * @return the format
   * @throws LabelException if it ends in something else
   */
  public static LabelFormat of(Path file) throws LabelException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (LabelFormat format : values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new LabelException(
        Reason.UNKNOWN_FORMAT, "the name of a file with labels ends in .csv, .svg or .pdf");
  }

  /**
   * Checks before the first label that all can be written.
   *
   * @param labels how many there will be
   * @param sheet the sheet that they are printed on
   * @throws LabelException if they are more than the format holds, or ZXing is missing, which makes
   *     QR codes
   */
  public void check(long labels, LabelSheet sheet) throws LabelException {
    if (this == SVG && labels > sheet.labelsOnPage()) {
      throw new LabelException(
          Reason.TOO_MANY,
          "an SVG file holds one page, " + sheet.labelsOnPage() + " labels: take .pdf for more");
    }
    if (this != CSV) {
      QrCode.of("any");
    }
  }
}
