// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads CSV with a header (RFC 4180) whose columns are others' than a manifest's, in constant
 * memory. A field is bytes and never becomes a {@code String}, so a key can be wiped.
 *
 * <p>Not safe for use by several threads.
 */
public final class CsvTable implements Closeable {
  private final Window window;
  private final CsvRecord record;
  private final List<String> columns; // null while the header is read
  private final List<byte[]> fields = new ArrayList<>();
  private ManifestProblem problem; // null for a row that can be used
  private long line;

  private CsvTable(InputStream in) throws IOException {
    this.window = new Window(in);
    this.record = new CsvRecord(window);
    this.columns = header();
  }

  /**
   * Opens a table.
   *
   * @param in the table in UTF-8, with or without a byte order mark; closed with the reader
   * @return a reader, to be closed
   * @throws ManifestException if it has no header that can be read
   * @throws IOException if the source cannot be read
   */
  public static CsvTable of(InputStream in) throws IOException {
    try {
      return new CsvTable(Objects.requireNonNull(in, "in"));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private List<String> header() throws IOException {
    ManifestReader.requireUtf8(window);
    if (!next()) {
      throw new ManifestException(ManifestException.Reason.BAD_HEADER, "the file is empty");
    }
    if (problem != null) {
      throw new ManifestException(
          ManifestException.Reason.BAD_HEADER, "the header cannot be read: " + problem.message());
    }
    List<String> names = new ArrayList<>();
    for (byte[] field : fields) {
      String name =
          Utf8.decode(field)
              .orElseThrow(
                  () ->
                      new ManifestException(
                          ManifestException.Reason.NOT_UTF8,
                          "the header is not UTF-8; save the file as UTF-8"))
              .strip();
      if (!name.isEmpty() && names.contains(name)) {
        throw new ManifestException(
            ManifestException.Reason.DUPLICATE_COLUMN,
            "the column '" + Printable.escape(name) + "' is there twice");
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  /**
   * Returns the names in the header.
   *
   * @return one for each column, stripped; a copy
   */
  public List<String> columns() {
    return new ArrayList<>(columns);
  }

  /**
   * Reads the next row, and wipes the one before.
   *
   * @return whether there is one; it may have a {@linkplain #problem problem}
   * @throws IOException if the source cannot be read
   */
  public boolean next() throws IOException {
    wipe();
    problem = null;
    while (window.at(0) != Window.END) {
      line = window.line();
      try {
        record.scan();
      } catch (BadRow e) {
        window.skipLine();
        problem = e.problem(line, Optional.empty());
        return true;
      }
      boolean isBlank = record.isBlank();
      if (!isBlank) {
        take();
      }
      window.skip(record.length());
      if (!isBlank) {
        return true;
      }
    }
    return false;
  }

  private void take() {
    if (columns != null && record.count() != columns.size()) {
      problem =
          new ManifestProblem(
              line,
              Optional.empty(),
              Optional.empty(),
              ManifestProblem.Reason.FIELD_COUNT,
              "the row has " + record.count() + " fields, the header has " + columns.size());
      return;
    }
    for (int i = 0; i < record.count(); i++) {
      fields.add(record.field(i));
    }
  }

  /**
   * Returns what is wrong with the row, if it has no fields that can be used.
   *
   * @return the problem; empty for a good row
   */
  public Optional<ManifestProblem> problem() {
    return Optional.ofNullable(problem);
  }

  /**
   * Returns the line where the row begins.
   *
   * @return 2 or more
   */
  public long line() {
    return line;
  }

  /**
   * Returns a field of the row.
   *
   * @param column its index in {@link #columns}
   * @return its bytes without quotes, a copy, which the caller should wipe if it is a key
   * @throws IndexOutOfBoundsException if there is no such column, or the row has a problem
   */
  public byte[] field(int column) {
    return fields.get(column).clone();
  }

  private void wipe() {
    fields.forEach(field -> Arrays.fill(field, (byte) 0));
    fields.clear();
  }

  /** Closes the source, and wipes what was read of it. */
  @Override
  public void close() throws IOException {
    wipe();
    window.close();
  }

  @Override
  public String toString() {
    return "CsvTable[line " + line + "]";
  }
}
