// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.util.Arrays;

/**
 * Keeps fields of CSV from being run by the spreadsheet that opens them. One that takes a field for
 * a formula may call programs and send what is in the other fields to somebody. A field that begins
 * like a formula gets an apostrophe in front, and so does one that begins with apostrophes and then
 * like a formula: so the apostrophe can be taken off again, and no two fields become one.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP, CSV Injection</a>
 */
public final class CsvFormulas {
  private static final String BEGINNINGS = "=+-@\t\r\n";

  private CsvFormulas() {}

  /**
   * Returns a field as it can be written.
   *
   * @param field the content of a field, without quotes
   * @return the same, or with an apostrophe in front
   */
  public static String escape(String field) {
    int i = 0;
    while (i < field.length() && field.charAt(i) == '\'') {
      i++;
    }
    return i < field.length() && BEGINNINGS.indexOf(field.charAt(i)) >= 0 ? "'" + field : field;
  }

  /** Returns a field as it can be written: itself, or a longer one. */
  static byte[] escape(byte[] field) {
    if (!isFormula(field)) {
      return field;
    }
    byte[] escaped = new byte[field.length + 1];
    escaped[0] = '\'';
    System.arraycopy(field, 0, escaped, 1, field.length);
    return escaped;
  }

  /** Returns what was escaped: itself, or a shorter one, and then the longer one is wiped. */
  static byte[] unescape(byte[] field) {
    if (field.length == 0 || field[0] != '\'' || !isFormula(field)) {
      return field;
    }
    byte[] content = Arrays.copyOfRange(field, 1, field.length);
    Arrays.fill(field, (byte) 0);
    return content;
  }

  private static boolean isFormula(byte[] field) {
    int i = 0;
    while (i < field.length && field[i] == '\'') {
      i++;
    }
    return i < field.length && BEGINNINGS.indexOf(field[i]) >= 0;
  }
}
