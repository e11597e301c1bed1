// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import java.util.Optional;

/** Shows how many rows of several sources were read, and how many there may be by their size. */
final class ImportProgress {
  private final long size;
  private final Optional<Progress> shown;
  private long before; // the size of the sources that are done
  private long rows;

  ImportProgress(List<ImportSource> sources, Optional<Progress> shown) {
    this.size = sources.stream().mapToLong(ImportSource::size).sum();
    this.shown = shown;
  }

  void rowOf(ImportSource source) {
    rows++;
    shown.ifPresent(to -> to.accept(rows, () -> estimate(before + source.done())));
  }

  private long estimate(long done) {
    return done == 0 || size == 0 ? 0 : Math.max(rows, Math.round((double) size / done * rows));
  }

  void endOf(ImportSource source) {
    before += source.size();
    clear();
  }

  /** Takes the line off the terminal, where others print. */
  void clear() {
    shown.ifPresent(Progress::clear);
  }
}
