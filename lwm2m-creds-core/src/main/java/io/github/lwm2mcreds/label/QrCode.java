// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import io.github.lwm2mcreds.label.LabelException.Reason;
import java.io.IOException;
import java.util.Map;

/** A QR code (ISO/IEC 18004), made by ZXing, which is optional. */
final class QrCode {
  /** How many modules must be light on each side. */
  static final int QUIET = 4;

  private final int size;
  private final boolean[] dark;

  private QrCode(int size, boolean[] dark) {
    this.size = size;
    this.dark = dark;
  }

  /**
   * Returns the code of a text, which withstands 15 % damage.
   *
   * @throws LabelException if ZXing is missing
   */
  static QrCode of(String text) throws LabelException {
    try {
      return Zxing.encode(text);
    } catch (NoClassDefFoundError e) {
      throw new LabelException(
          Reason.LIBRARY_MISSING,
          "labels with QR codes need ZXing: add com.google.zxing:core to the class path",
          e);
    }
  }

  /** Returns how many modules a side has, without the light margin. */
  int size() {
    return size;
  }

  /** Takes dark modules side by side. */
  interface RunVisitor {
    void visit(int column, int row, int length) throws IOException;
  }

  /** Visits the dark modules, row by row. */
  void forEachRun(RunVisitor visitor) throws IOException {
    for (int row = 0; row < size; row++) {
      int column = 0;
      while (column < size) {
        int start = column;
        while (column < size && dark[row * size + column]) {
          column++;
        }
        if (column > start) {
          visitor.visit(start, row, column - start);
        }
        column++;
      }
    }
  }

  /** What needs the library. The class around can be loaded without it. */
  private static final class Zxing {
    private Zxing() {}

    static QrCode encode(String text) {
      boolean isAscii = text.chars().allMatch(c -> c < 0x80);
      Map<EncodeHintType, Object> hints =
          isAscii // else the code says that it is UTF-8
              ? Map.of(EncodeHintType.MARGIN, 0, EncodeHintType.ERROR_CORRECTION, LEVEL)
              : Map.of(
                  EncodeHintType.MARGIN,
                  0,
                  EncodeHintType.ERROR_CORRECTION,
                  LEVEL,
                  EncodeHintType.CHARACTER_SET,
                  "UTF-8");
      try {
        BitMatrix matrix = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, hints);
        int size = matrix.getWidth();
        boolean[] dark = new boolean[size * size];
        for (int i = 0; i < dark.length; i++) {
          dark[i] = matrix.get(i % size, i / size);
        }
        return new QrCode(size, dark);
      } catch (WriterException e) {
        throw new IllegalArgumentException("too much text for a QR code", e);
      }
    }

    private static final ErrorCorrectionLevel LEVEL = ErrorCorrectionLevel.M;
  }
}
