// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import java.io.Closeable;
import java.io.IOException;

/** What writes labels in a format. */
interface LabelOutput extends Closeable {
  void write(Label label) throws IOException;

  /** Writes what follows the last label. */
  void finish() throws IOException;
}
