// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The rows of an NDJSON manifest. */
final class NdjsonSource implements RowSource {
  private final Window window;

  NdjsonSource(Window window) {
    this.window = window;
  }

  @Override
  public ManifestFormat format() {
    return ManifestFormat.NDJSON;
  }

  @Override
  public List<String> columns() {
    return List.of();
  }

  @Override
  public boolean next(RowDraft draft) throws IOException, BadRow {
    while (window.at(0) != Window.END) {
      draft.clear(window.line());
      byte[] text = line();
      try {
        if (!isBlank(text)) {
          FlatJson.parse(text, (name, value, isString) -> put(draft, name, value, isString));
          return true;
        }
      } finally {
        Arrays.fill(text, (byte) 0);
      }
    }
    return false;
  }

  private static void put(RowDraft draft, String name, byte[] value, boolean isString)
      throws BadRow {
    Optional<ManifestColumn> column = ManifestColumn.named(name);
    if (!isString && column.isPresent()) {
      Arrays.fill(value, (byte) 0);
      throw new BadRow(
          column.get().title(),
          Reason.INVALID_VALUE,
          "the value is not a string; put it in quotes");
    }
    if (column.isEmpty() && name.isBlank()) {
      throw new BadRow(Reason.MALFORMED, "a member has no name");
    }
    draft.put(column, name, value);
  }

  private byte[] line() throws IOException, BadRow {
    for (int i = 0; i <= ManifestReader.MAX_ROW_LENGTH; i++) {
      int c = window.at(i);
      if (c == '\n' || c == Window.END) {
        byte[] text = window.copy(0, i);
        window.skip(c == Window.END ? i : i + 1);
        return text;
      }
    }
    window.skipLine();
    throw new BadRow(
        Reason.TOO_LONG, "the row is longer than " + ManifestReader.MAX_ROW_LENGTH + " bytes");
  }

  private static boolean isBlank(byte[] text) {
    for (byte b : text) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
