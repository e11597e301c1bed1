// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a manifest of any size in constant memory, as CSV or NDJSON, whichever it is. A bad row is
 * reported and does not affect the rows around it.
 *
 * <p>After the last row, {@link #summary} tells whether the lot is complete. Who must not act on a
 * part of a lot keeps the rows back until then.
 *
 * <p>Not safe for use by several threads.
 */
public final class ManifestReader implements Closeable {
  /** The maximum length of a row in bytes. */
  public static final int MAX_ROW_LENGTH = 1 << 16;

  private static final int MAX_COLUMNS = 256;

  private final Window window;
  private final KeyPolicy policy;
  private final boolean needsKeys;
  private final RowSource source;
  private final LotWatch lot;
  private final RowDraft draft = new RowDraft();
  private final Set<String> columns = new LinkedHashSet<>();
  private long rows;
  private long problems;
  private boolean ended;

  private ManifestReader(InputStream in, KeyPolicy policy, boolean needsKeys) throws IOException {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.needsKeys = needsKeys;
    this.window = new Window(in);
    this.source = source(window);
    columns.addAll(source.columns());
    this.lot = new LotWatch(columns.contains(ManifestColumn.LOT.title()));
    if (source.format() == ManifestFormat.CSV) {
      requireColumn(ManifestColumn.ENDPOINT);
      if (needsKeys) {
        requireColumn(ManifestColumn.PSK);
      }
    }
  }

  /**
   * Opens a manifest in a file.
   *
   * @param file the manifest, in clear
   * @param policy the keys that are accepted
   * @return a reader, to be closed
   * @throws ManifestException if the manifest as a whole cannot be read
   * @throws IOException if the file cannot be read
   */
  public static ManifestReader open(Path file, KeyPolicy policy) throws IOException {
    return opened(Files.newInputStream(file), policy, true);
  }

  /**
   * Reads a manifest.
   *
   * @param in the manifest, in clear; closed with the reader
   * @param policy the keys that are accepted
   * @return a reader, to be closed
   * @throws ManifestException if the manifest as a whole cannot be read
   * @throws IOException if the source cannot be read
   */
  public static ManifestReader of(InputStream in, KeyPolicy policy) throws IOException {
    return opened(in, policy, true);
  }

  /**
   * Reads a list of devices that may have no keys yet. Its rows may be without a credential.
   *
   * @param in the list, in clear; closed with the reader
   * @param policy the keys that are accepted where there are keys
   * @return a reader, to be closed
   * @throws ManifestException if the list as a whole cannot be read
   * @throws IOException if the source cannot be read
   */
  public static ManifestReader ofList(InputStream in, KeyPolicy policy) throws IOException {
    return opened(in, policy, false);
  }

  private static ManifestReader opened(InputStream in, KeyPolicy policy, boolean needsKeys)
      throws IOException {
    try {
      return new ManifestReader(in, policy, needsKeys);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Skips a byte order mark, and refuses UTF-16. */
  static void requireUtf8(Window window) throws IOException {
    if (window.startsWith(0xef, 0xbb, 0xbf)) {
      window.skip(3);
    }
    if (window.startsWith(0xff, 0xfe) || window.startsWith(0xfe, 0xff) || window.at(1) == 0) {
      throw new ManifestException(
          ManifestException.Reason.NOT_UTF8, "the manifest is UTF-16; save it as UTF-8");
    }
  }

  private static RowSource source(Window window) throws IOException {
    requireUtf8(window);
    int first = firstNotBlank(window);
    if (first == '[') {
      throw new ManifestException(
          ManifestException.Reason.BAD_HEADER,
          "the manifest is a JSON array; NDJSON has one object per line");
    }
    return first == '{' ? new NdjsonSource(window) : new CsvSource(window);
  }

  private static int firstNotBlank(Window window) throws IOException {
    int offset = 0;
    while (offset < MAX_ROW_LENGTH && " \t\r\n".indexOf(window.at(offset)) >= 0) {
      offset++;
    }
    return window.at(offset);
  }

  private void requireColumn(ManifestColumn column) throws ManifestException {
    if (!columns.contains(column.title())) {
      throw new ManifestException(
          ManifestException.Reason.MISSING_COLUMN,
          "the header has no column '" + column.title() + "'; commas separate columns");
    }
  }

  /**
   * Returns the format of the manifest.
   *
   * @return the format
   */
  public ManifestFormat format() {
    return source.format();
  }

  /**
   * Returns the columns so far: those of the CSV header, or those that the NDJSON rows so far have
   * besides the credential's.
   *
   * @return the names; a copy
   */
  public List<String> columns() {
    return new ArrayList<>(columns);
  }

  /**
   * Returns the number of the lot that the rows so far belong to.
   *
   * @return the number; empty before the first row, and if the first row belongs to no lot
   */
  public Optional<String> lotNumber() {
    return lot.number();
  }

  /**
   * Returns what comes next.
   *
   * @return a row, which the caller should destroy after use, or a problem; empty after the last
   * @throws IOException if the source cannot be read
   */
  public Optional<ManifestEntry> next() throws IOException {
    while (!ended) {
      try {
        Optional<ManifestRow> row = read();
        if (row.isPresent()) {
          rows++;
          return Optional.of(row.get());
        }
      } catch (BadRow e) {
        problems++;
        return Optional.of(e.problem(draft.line(), draft.endpoint()));
      }
    }
    return Optional.empty();
  }

  /** Returns the next row; empty if it was none, such as the end of a lot. */
  private Optional<ManifestRow> read() throws IOException, BadRow {
    if (!source.next(draft)) {
      draft.clear(0);
      ended = true;
      return Optional.empty();
    }
    lot.check(draft);
    if (draft.isEnd()) {
      lot.end(draft.end());
      return Optional.empty();
    }
    ManifestRow row = draft.row(needsKeys);
    lot.add(row);
    checkKey(row);
    note(row.columns().keySet());
    return Optional.of(row);
  }

  private void note(Collection<String> names) {
    if (columns.size() < MAX_COLUMNS) { // each object may have others
      columns.addAll(names);
    }
  }

  private void checkKey(ManifestRow row) throws BadRow {
    try {
      row.credential().ifPresent(policy::check);
    } catch (WeakKeyException e) {
      row.destroy();
      throw new BadRow(ManifestColumn.PSK.title(), Reason.WEAK_KEY, e.getMessage());
    }
  }

  /**
   * Returns what is known after the last row.
   *
   * @return the counts, and whether the lot is complete
   * @throws IllegalStateException if {@link #next} has not returned empty
   */
  public ManifestSummary summary() {
    if (!ended) {
      throw new IllegalStateException("there are more rows to read");
    }
    return new ManifestSummary(
        format(), columns(), rows, problems, lot.stated(), lot.found(), lot.result());
  }

  /** Closes the source, and wipes what was read of it. */
  @Override
  public void close() throws IOException {
    draft.clear(0);
    window.close();
  }

  @Override
  public String toString() {
    return "ManifestReader[" + format() + ", line " + window.line() + "]";
  }
}
