// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.util.Locale;
import java.util.Optional;

/** The columns that mean something here; any other is carried through. */
enum ManifestColumn {
  ENDPOINT("endpoint"),
  PSK_IDENTITY("pskIdentity"),
  PSK("psk"),
  BOARD("board"),
  LOT("manifestLot");

  private final String title;
  private final String folded;

  ManifestColumn(String title) {
    this.title = title;
    this.folded = fold(title);
  }

  /** Returns the name as it is written. */
  String title() {
    return title;
  }

  /**
   * Returns the column with a name. Case, blanks, hyphens and underscores do not count, so that no
   * column {@code PSK} is carried through as if it held no keys.
   */
  static Optional<ManifestColumn> named(String name) {
    String wanted = fold(name);
    for (ManifestColumn column : values()) {
      if (column.folded.equals(wanted)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  private static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c != ' ' && c != '-' && c != '_') {
        folded.append(c);
      }
    }
    return folded.toString();
  }
}
