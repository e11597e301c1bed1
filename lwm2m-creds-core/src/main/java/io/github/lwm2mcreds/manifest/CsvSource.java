// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of a CSV manifest. After a malformed row it goes on at the next line. */
final class CsvSource implements RowSource {
  private static final Pattern LOT_END = Pattern.compile("#end count=(\\S*) sha256=(\\S*)");

  private final Window window;
  private final CsvRecord record;
  private final List<String> names = new ArrayList<>();
  private final List<Optional<ManifestColumn>> columns = new ArrayList<>();

  CsvSource(Window window) throws IOException {
    this.window = window;
    this.record = new CsvRecord(window);
    readHeader();
  }

  private void readHeader() throws IOException {
    try {
      if (!scan()) {
        throw new ManifestException(ManifestException.Reason.BAD_HEADER, "the manifest is empty");
      }
    } catch (BadRow e) {
      throw new ManifestException(
          ManifestException.Reason.BAD_HEADER, "the header cannot be read: " + e.getMessage(), e);
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < record.count(); i++) {
      String name = name(i);
      Optional<ManifestColumn> column = ManifestColumn.named(name);
      if (!seen.add(column.map(ManifestColumn::title).orElse(name))) {
        throw new ManifestException(
            ManifestException.Reason.DUPLICATE_COLUMN,
            "the column '" + Printable.escape(name) + "' is there twice");
      }
      names.add(column.map(ManifestColumn::title).orElse(name));
      columns.add(column);
    }
    window.skip(record.length());
  }

  private String name(int field) throws ManifestException {
    String name =
        Utf8.decode(CsvFormulas.unescape(record.field(field)))
            .orElseThrow(
                () ->
                    new ManifestException(
                        ManifestException.Reason.NOT_UTF8,
                        "the header is not UTF-8; save the file as UTF-8"))
            .strip();
    if (name.isEmpty()) {
      throw new ManifestException(
          ManifestException.Reason.BAD_HEADER, "column " + (field + 1) + " has no name");
    }
    return name;
  }

  /** Scans the next record that is not blank; returns whether there is one. */
  private boolean scan() throws IOException, BadRow {
    while (window.at(0) != Window.END) {
      record.scan();
      if (!record.isBlank()) {
        return true;
      }
      window.skip(record.length());
    }
    return false;
  }

  @Override
  public ManifestFormat format() {
    return ManifestFormat.CSV;
  }

  @Override
  public List<String> columns() {
    return List.copyOf(names);
  }

  @Override
  public boolean next(RowDraft draft) throws IOException, BadRow {
    draft.clear(window.line());
    try {
      if (!scan()) {
        return false;
      }
    } catch (BadRow e) {
      draft.clear(window.line());
      window.skipLine();
      throw e;
    }
    draft.clear(window.line());
    try {
      fill(draft);
      return true;
    } finally {
      window.skip(record.length());
    }
  }

  private void fill(RowDraft draft) throws BadRow {
    if (record.count() != columns.size()) {
      throw new BadRow(
          Reason.FIELD_COUNT,
          "the row has " + record.count() + " fields, the header has " + columns.size());
    }
    int first = 0;
    if (columns.contains(Optional.of(ManifestColumn.LOT)) && record.beginsWith('#')) {
      Matcher end = LOT_END.matcher(new String(record.field(0), ISO_8859_1));
      if (end.matches()) {
        draft.putEnd(end.group(1).getBytes(ISO_8859_1), end.group(2).getBytes(ISO_8859_1));
        first = 1;
      }
    }
    for (int i = first; i < columns.size(); i++) {
      draft.put(columns.get(i), names.get(i), CsvFormulas.unescape(record.field(i)));
    }
  }
}
