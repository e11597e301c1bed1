// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes sources into a store, one after the other. What can be read twice is read once before, as
 * nobody knows which key a device has that is there with two.
 */
final class ImportRun {
  private final ManagedCredentialStore store;
  private final ImportOptions options;
  private final ImportReport report;
  private final Function<String, Optional<Progress>> progress;
  private final ImportKeys keys = new ImportKeys();

  /**
   * Prepares a run.
   *
   * @param options what is done about those that are there
   * @param progress shows how far a step is, whose name it is given; empty if nobody wants to know
   */
  ImportRun(
      ManagedCredentialStore store,
      ImportOptions options,
      ImportReport report,
      Function<String, Optional<Progress>> progress) {
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
    scan(sources);
    ImportProgress shown = new ImportProgress(sources, progress.apply(""));
    int exitCode = ExitCode.DONE;
    for (ImportSource source : sources) {
      try {
        take(source, shown);
      } catch (IOException e) {
        shown.clear();
        report.printBroken(source);
        exitCode = ExitCode.worse(exitCode, failures.apply(source.failure(e)));
      }
      shown.endOf(source);
    }
    report.printTotal();
    return ExitCode.worse(exitCode, report.isClean() ? ExitCode.DONE : ExitCode.FINDINGS);
  }

  private void scan(List<ImportSource> sources) {
    ImportProgress shown = new ImportProgress(sources, progress.apply("compared: "));
    for (ImportSource source : sources) {
      try (source) {
        if (source.rewind()) {
          scan(source, shown);
        }
      } catch (IOException e) {
        // is thrown again when the source is taken, and reported then
      }
      shown.endOf(source);
    }
    keys.endScan();
  }

  private void scan(ImportSource source, ImportProgress shown) throws IOException {
    Optional<ImportItem> item = source.next();
    while (item.isPresent()) {
      if (item.get() instanceof ImportFound row) {
        keys.scan(source, row);
        row.credential().destroy();
      }
      shown.rowOf(source);
      item = source.next();
    }
  }

  private void take(ImportSource source, ImportProgress shown) throws IOException {
    try (ImportFeed feed =
        new ImportFeed(
            source,
            keys,
            line -> {
              shown.clear();
              report.print(source, line);
            },
            () -> shown.rowOf(source))) {
      store.importAll(feed, options.onRow(feed::told));
      shown.clear();
      report.printEnd(source, source.end());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
