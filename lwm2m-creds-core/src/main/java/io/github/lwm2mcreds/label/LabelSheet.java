// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

/**
 * A sheet of labels: equal labels in a grid in the middle of a page. All lengths are millimetres.
 *
 * @param pageWidth width of the page
 * @param pageHeight height of the page
 * @param columns how many labels there are side by side
 * @param rows how many labels there are one below the other
 * @param labelWidth width of a label
 * @param labelHeight height of a label
 * @param columnGap what is between two labels side by side
 * @param rowGap what is between two labels one below the other
 */
public record LabelSheet(
    double pageWidth,
    double pageHeight,
    int columns,
    int rows,
    double labelWidth,
    double labelHeight,
    double columnGap,
    double rowGap) {
  /** 24 labels of 63.5 by 33.9 mm on A4, as on the sheets Avery L7159. */
  public static final LabelSheet A4 = new LabelSheet(210, 297, 3, 8, 63.5, 33.9, 2.54, 0);

  /** 30 labels of 2 5/8 by 1 inch on US Letter, as on the sheets Avery 5160. */
  public static final LabelSheet LETTER =
      new LabelSheet(215.9, 279.4, 3, 10, 66.675, 25.4, 3.175, 0);

  private static final double MIN_WIDTH = 45;
  private static final double MIN_HEIGHT = 20;
  private static final double MAX_PAGE = 5000; // of PDF: 14400 points

  /**
   * Checks that the labels are large enough for a QR code with text at its side, and that the grid
   * fits the page.
   *
   * @param pageWidth width of the page, at most 5 m
   * @param pageHeight height of the page, at most 5 m
   * @param columns labels side by side, at least 1
   * @param rows labels one below the other, at least 1
   * @param labelWidth width of a label, at least 45 mm
   * @param labelHeight height of a label, at least 20 mm
   * @param columnGap between two labels side by side, not negative
   * @param rowGap between two labels one below the other, not negative
   * @throws IllegalArgumentException if something does not fit
   */
  public LabelSheet {
    if (columns < 1 || rows < 1 || !(columnGap >= 0) || !(rowGap >= 0)) {
      throw new IllegalArgumentException("a sheet has at least one label, and no gap below 0");
    }
    if (!(labelWidth >= MIN_WIDTH) || !(labelHeight >= MIN_HEIGHT)) {
      throw new IllegalArgumentException(
          "a label must have at least " + MIN_WIDTH + " x " + MIN_HEIGHT + " mm");
    }
    double width = columns * labelWidth + (columns - 1) * columnGap;
    double height = rows * labelHeight + (rows - 1) * rowGap;
    if (!(width <= pageWidth && pageWidth <= MAX_PAGE)
        || !(height <= pageHeight && pageHeight <= MAX_PAGE)) {
      throw new IllegalArgumentException(
          "the labels take " + width + " x " + height + " mm, which the page must have");
    }
  }

  /**
   * Returns how many labels a page has.
   *
   * @return at least 1
   */
  public int labelsOnPage() {
    return Math.multiplyExact(columns, rows);
  }

  /** Returns where a label begins, from the left edge of the page. */
  double left(int index) {
    double width = columns * labelWidth + (columns - 1) * columnGap;
    return (pageWidth - width) / 2 + index % columns * (labelWidth + columnGap);
  }

  /** Returns where a label begins, from the upper edge of the page. */
  double top(int index) {
    double height = rows * labelHeight + (rows - 1) * rowGap;
    int row = index / columns;
    return (pageHeight - height) / 2 + row * (labelHeight + rowGap);
  }
}
