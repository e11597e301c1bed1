// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Writes CSV (RFC 4180), lines ending in CR LF, without {@linkplain CsvFormulas formulas}. */
final class CsvEncoder implements RowEncoder {
  private final List<String> columns;
  private final Optional<String> lot;

  /**
   * Creates an encoder.
   *
   * @param columns those besides endpoint, identity, key and lot
   */
  CsvEncoder(List<String> columns, Optional<String> lot) {
    this.columns = columns;
    this.lot = lot;
  }

  @Override
  public void header(ByteBuffer out) {
    out.put("endpoint,pskIdentity,psk".getBytes(US_ASCII));
    columns.forEach(column -> field(column.getBytes(UTF_8), out.put((byte) ',')));
    if (lot.isPresent()) {
      out.put((byte) ',').put(ManifestColumn.LOT.title().getBytes(US_ASCII));
    }
    newLine(out);
  }

  @Override
  public void row(ManifestRow row, ByteBuffer out) {
    field(row.endpoint().getBytes(UTF_8), out);
    field(row.pskIdentity().toBytes(), out.put((byte) ','));
    RowEncoder.key(row, out.put((byte) ','));
    for (String column : columns) {
      field(row.columns().getOrDefault(column, "").getBytes(UTF_8), out.put((byte) ','));
    }
    lot.ifPresent(number -> field(number.getBytes(US_ASCII), out.put((byte) ',')));
    newLine(out);
  }

  @Override
  public void end(Lot end, ByteBuffer out) {
    out.put(("#end count=" + end.count() + " sha256=" + end.sha256()).getBytes(US_ASCII));
    out.put(",".repeat(columns.size() + 3).getBytes(US_ASCII));
    field(end.number().getBytes(US_ASCII), out);
    newLine(out);
  }

  private static void newLine(ByteBuffer out) {
    out.put((byte) '\r').put((byte) '\n');
  }

  private static void field(byte[] content, ByteBuffer out) {
    byte[] field = CsvFormulas.escape(content);
    if (!needsQuotes(field)) {
      out.put(field);
      return;
    }
    out.put((byte) '"');
    for (byte b : field) {
      if (b == '"') {
        out.put(b);
      }
      out.put(b);
    }
    out.put((byte) '"');
  }

  /** Quotes also what other readers take for a comment, or strip. */
  private static boolean needsQuotes(byte[] field) {
    if (field.length == 0) {
      return false;
    }
    for (byte b : field) {
      if (b == ',' || b == '"' || b == '\r' || b == '\n') {
        return true;
      }
    }
    return "# \t".indexOf(field[0]) >= 0 || " \t".indexOf(field[field.length - 1]) >= 0;
  }
}
