// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.util.List;

/** The rows of a manifest in one format. */
interface RowSource {
  ManifestFormat format();

  /** Returns the names of the columns that a header announces; empty without a header. */
  List<String> columns();

  /**
   * Reads the next row. After a bad one, the source is at the row that follows.
   *
   * @param draft cleared
   * @return whether there was one; its line is then set
   * @throws BadRow if it is malformed
   */
  boolean next(RowDraft draft) throws IOException, BadRow;
}
