// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import java.util.Objects;
import java.util.function.Consumer;

/** How {@link ManagedCredentialStore#importAll} goes about it. Immutable. */
public final class ImportOptions {
  private final boolean replaces;
  private final boolean dryRun;
  private final Consumer<? super ImportedRow> rows;
  private final Consumer<? super ImportCounts> progress;

  private ImportOptions(
      boolean replaces,
      boolean dryRun,
      Consumer<? super ImportedRow> rows,
      Consumer<? super ImportCounts> progress) {
    this.replaces = replaces;
    this.dryRun = dryRun;
    this.rows = Objects.requireNonNull(rows, "rows");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * Returns options to add what is new and never replace an endpoint's other credential.
   *
   * @return the options
   */
  public static ImportOptions adding() {
    return new ImportOptions(false, false, row -> {}, counts -> {});
  }

  /**
   * Returns options to replace an endpoint's other credential, too.
   *
   * @return new options; these do not change
   */
  public ImportOptions replacing() {
    return new ImportOptions(true, dryRun, rows, progress);
  }

  /**
   * Returns options to change nothing, and tell what would happen. Each credential is compared with
   * the store, and with those of its batch, but not with those of earlier batches.
   *
   * @return new options; these do not change
   */
  public ImportOptions dryRun() {
    return new ImportOptions(replaces, true, rows, progress);
  }

  /**
   * Returns options to call back for each credential, in order, once its batch is on disk.
   *
   * @param newRows called on the importing thread; what it throws ends the import
   * @return new options; these do not change
   */
  public ImportOptions onRow(Consumer<? super ImportedRow> newRows) {
    return new ImportOptions(replaces, dryRun, newRows, progress);
  }

  /**
   * Returns options to call back after each batch.
   *
   * @param newProgress called on the importing thread with the counts so far; what it throws ends
   *     the import
   * @return new options; these do not change
   */
  public ImportOptions onProgress(Consumer<? super ImportCounts> newProgress) {
    return new ImportOptions(replaces, dryRun, rows, newProgress);
  }

  /**
   * Returns whether an endpoint's other credential is replaced.
   *
   * @return whether it is; refused otherwise
   */
  public boolean replaces() {
    return replaces;
  }

  /**
   * Returns whether nothing is changed.
   *
   * @return whether it is a dry run
   */
  public boolean isDryRun() {
    return dryRun;
  }

  /**
   * Returns what is called for each credential.
   *
   * @return the callback
   */
  public Consumer<? super ImportedRow> rows() {
    return rows;
  }

  /**
   * Returns what is called after each batch.
   *
   * @return the callback
   */
  public Consumer<? super ImportCounts> progress() {
    return progress;
  }

  @Override
  public String toString() {
    return (replaces ? "replacing" : "adding") + (dryRun ? ", nothing is changed" : "");
  }
}
