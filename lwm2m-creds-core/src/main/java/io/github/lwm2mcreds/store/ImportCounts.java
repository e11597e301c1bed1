// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** How many credentials of an import had which outcome, so far or in the end. Immutable. */
public final class ImportCounts {
  /** Nothing was imported yet. */
  public static final ImportCounts NONE = new ImportCounts(new long[ImportOutcome.values().length]);

  private final long[] counts;

  private ImportCounts(long[] counts) {
    this.counts = counts;
  }

  /**
   * Returns the counts with more rows.
   *
   * @param rows those that are done since
   * @return new counts
   */
  public ImportCounts plus(Collection<ImportedRow> rows) {
    long[] sum = counts.clone();
    rows.forEach(row -> sum[row.outcome().ordinal()]++);
    return new ImportCounts(sum);
  }

  /**
   * Returns how many had an outcome.
   *
   * @param outcome the outcome
   * @return their number
   */
  public long of(ImportOutcome outcome) {
    return counts[outcome.ordinal()];
  }

  /**
   * Returns how many are done.
   *
   * @return the number of all, whatever their outcome
   */
  public long rows() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Returns how many were refused.
   *
   * @return the number of those that the store did not take
   */
  public long refused() {
    return Arrays.stream(ImportOutcome.values())
        .filter(ImportOutcome::isRefused)
        .mapToLong(this::of)
        .sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImportCounts that && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  /**
   * Lists the counts.
   *
   * @return each outcome with its number, zeros included
   */
  @Override
  public String toString() {
    Map<ImportOutcome, Long> all = new EnumMap<>(ImportOutcome.class);
    for (ImportOutcome outcome : ImportOutcome.values()) {
      all.put(outcome, of(outcome));
    }
    return "ImportCounts" + all;
  }
}
