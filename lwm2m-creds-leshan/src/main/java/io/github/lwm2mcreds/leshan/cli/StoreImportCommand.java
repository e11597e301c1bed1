// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "import",
    headerHeading = "Example:%n  lwm2m-creds store import lot.csv --store sqlite:fleet.db%n%n",
    description = {
      "Take the devices of manifests into a store: each file is a lot.",
      "A row for each device, and code 3 if one was not taken or the lot is not complete. A bad row"
          + " does not keep the others out. What the store has already is unchanged, so an import"
          + " that was stopped, by whatever, goes on when it is run again.",
      "An endpoint that is there with two keys is not taken at all. Devices of one import that"
          + " share a key are warned of; 'store check' finds those of the whole store."
    })
final class StoreImportCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @ParentCommand private StoreCommand parent;

  @Parameters(
      arity = "1..*",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "FILE",
      description = "Manifest in CSV or NDJSON, or sealed." + InputFiles.HELP)
  private List<String> files;

  @Option(
      names = "--replace",
      description = "Replace the current credential of an endpoint, and end its sessions.")
  private boolean replace;

  @Option(
      names = "--dry-run",
      description = "Compare with the store and show what would be done, but change nothing.")
  private boolean dryRun;

  @Option(
      names = "--summary",
      description = "Show no rows of devices that were taken, unless there is a warning.")
  private boolean summary;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(keyPolicy.policy(), streams)) {
      ImportReport report = new ImportReport(streams, format, dryRun, summary);
      return new ImportRun(store, options(), report, this::progress)
          .run(sources(), e -> parent.report("import", e));
    }
  }

  private Optional<Progress> progress(String step) {
    return quiet ? Optional.empty() : Optional.of(Progress.estimating(step, "devices", streams));
  }

  private ImportOptions options() {
    ImportOptions adding = ImportOptions.adding();
    ImportOptions options = replace ? adding.replacing() : adding;
    return dryRun ? options.dryRun() : options;
  }

  private List<ImportSource> sources() throws CommandException {
    return InputFiles.of(files, streams).stream()
        .<ImportSource>map(file -> new ManifestImport(file, source, streams))
        .toList();
  }
}
