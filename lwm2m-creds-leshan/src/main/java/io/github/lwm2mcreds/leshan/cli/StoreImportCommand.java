// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.leshan.migration.LeshanServer;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Path;
import java.util.ArrayList;
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
      "Take the devices of manifests into a store: each file is a lot. Or those of another system,"
          + " whose own store stays as it is.",
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
      arity = "0..*",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "FILE",
      description =
          "Manifest in CSV or NDJSON, or sealed; or a file of another system." + InputFiles.HELP)
  private List<String> files = List.of();

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

  @ArgGroup(exclusive = false, heading = SourceOptions.HEADING)
  private SourceOptions other = new SourceOptions();

  @ArgGroup(exclusive = false, heading = RedisOptions.HEADING)
  private RedisOptions redis = new RedisOptions();

  @ArgGroup(exclusive = false, heading = ServerOptions.HEADING)
  private ServerOptions server = new ServerOptions();

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    List<ImportSource> sources = sources();
    try (JdbcCredentialStore store = storeOptions.open(keyPolicy.policy(), streams)) {
      ImportReport report = new ImportReport(streams, format, dryRun, summary);
      return new ImportRun(store, options(), report, this::progress)
          .run(sources, e -> parent.report("import", e));
    } finally {
      other.wipe();
      redis.wipe();
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
    if (other.isServer() != files.isEmpty()) {
      throw CommandException.refused(
          files.isEmpty() ? "missing: FILE (try --help)" : "a server is imported without FILE");
    }
    if (redis.isGiven() && !other.isRedis()) {
      throw CommandException.refused("--redis and its options need --from leshan-redis");
    }
    if (other.isServer()) {
      other.requireUsed();
      return List.of(other.isRedis() ? redis.source(streams) : fromServer());
    }
    List<ImportSource> sources = new ArrayList<>();
    for (Path file : InputFiles.of(files, streams)) {
      sources.add(
          other.source(file, streams).orElseGet(() -> new ManifestImport(file, source, streams)));
    }
    other.requireUsed();
    return sources;
  }

  private ImportSource fromServer() throws CommandException {
    if (!server.isGiven()) {
      throw CommandException.refused("--from leshan-server needs --server URL");
    }
    LeshanSecurityApi api = server.api(streams);
    return OtherImport.ofServer(
        server.address(), () -> LeshanServer.open(api, KeyPolicy.allowingAnyKey()));
  }
}
