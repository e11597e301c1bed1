// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Takes sources into a store, one after the other. */
final class ImportRun {
  private final ManagedCredentialStore store;
  private final ImportOptions options;
  private final ImportReport report;
  private final Optional<Progress> progress;
  private final ImportKeys keys = new ImportKeys();
  private long size;
  private long sizeBefore; // of the sources that are done
  private long rows;

  /**
   * Prepares a run.
   *
   * @param options what is done about those that are there
   * @param progress shows how far the run is; empty if nobody wants to know
   */
  ImportRun(
      ManagedCredentialStore store,
      ImportOptions options,
      ImportReport report,
      Optional<Progress> progress) {
    this.store = store;
    this.options = options;
    this.report = report;
    this.progress = progress;
  }

  /**
   * Takes all sources in. One that cannot be read does not keep the others out.
   *
   * @param failures reports that a source failed, and returns its exit code
   * @return the exit code
   */
  int run(List<ImportSource> sources, Function<CommandException, Integer> failures) {
    size = sources.stream().mapToLong(ImportSource::size).sum();
    int exitCode = ExitCode.DONE;
    for (ImportSource source : sources) {
      try {
        take(source);
      } catch (IOException e) {
        clearProgress();
        exitCode = ExitCode.worse(exitCode, failures.apply(source.failure(e)));
      }
      sizeBefore += source.size();
    }
    clearProgress();
    report.printTotal();
    return ExitCode.worse(exitCode, report.isClean() ? ExitCode.DONE : ExitCode.FINDINGS);
  }

  private void take(ImportSource source) throws IOException {
    try (ImportFeed feed =
        new ImportFeed(source, keys, line -> print(source, line), () -> tell(source))) {
      store.importAll(feed, options.onRow(feed::told));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    clearProgress();
    report.printEnd(source, source.end());
  }

  private void print(ImportSource source, ImportLine line) {
    clearProgress();
    report.print(source, line);
  }

  private void tell(ImportSource source) {
    rows++;
    progress.ifPresent(shown -> shown.accept(rows, () -> estimate(sizeBefore + source.done())));
  }

  /** Returns how many rows there may be, by how much of their size was read. */
  private long estimate(long done) {
    return done == 0 ? 0 : Math.max(rows, Math.round((double) size / done * rows));
  }

  private void clearProgress() {
    progress.ifPresent(Progress::clear);
  }
}
