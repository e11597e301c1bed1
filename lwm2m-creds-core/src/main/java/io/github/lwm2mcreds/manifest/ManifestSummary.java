// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.util.List;
import java.util.Optional;

/**
 * What a reader knows after the last row.
 *
 * @param format the format
 * @param columns the columns of the CSV header, or those of NDJSON rows besides the credential's
 * @param rows how many rows were handed out
 * @param problems how many problems were handed out
 * @param stated the lot that the manifest says it is
 * @param found the lot that its rows are, weak keys included; empty if they name none
 * @param lotCheck whether the two agree
 */
public record ManifestSummary(
    ManifestFormat format,
    List<String> columns,
    long rows,
    long problems,
    Optional<Lot> stated,
    Optional<Lot> found,
    LotCheck lotCheck) {
  /** Whether all rows of a lot are there, and no others. */
  public enum LotCheck {
    /** All rows are there, unchanged. */
    MATCHES,
    /** The manifest is not of a lot, so that nobody can tell whether all rows are there. */
    NO_LOT,
    /** The end of the lot is missing: the manifest was cut. */
    END_MISSING,
    /** There are more or fewer good rows than there should be. */
    COUNT_DIFFERS,
    /** A row was changed or replaced, or rows changed places. */
    DIGEST_DIFFERS
  }

  /**
   * Copies the columns.
   *
   * @param format the format
   * @param columns the columns
   * @param rows how many rows were handed out
   * @param problems how many problems were handed out
   * @param stated the lot that the manifest says it is
   * @param found the lot that its rows are
   * @param lotCheck whether the two agree
   */
  public ManifestSummary {
    columns = List.copyOf(columns);
  }

  /**
   * Returns what is wrong with the lot.
   *
   * @return the same as {@link #lotCheck} for people; empty if the lot is whole, or there is none
   */
  public Optional<String> lotProblem() {
    return switch (lotCheck) {
      case MATCHES, NO_LOT -> Optional.empty();
      case END_MISSING -> Optional.of("its end is missing: the file was cut");
      case COUNT_DIFFERS ->
          Optional.of(
              "the lot has "
                  + stated.map(Lot::count).orElse(0L)
                  + " rows, but "
                  + found.map(Lot::count).orElse(0L)
                  + " can be read");
      case DIGEST_DIFFERS -> Optional.of("a row was changed or moved");
    };
  }
}
