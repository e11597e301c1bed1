// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.factory.DeviceProblem;
import io.github.lwm2mcreds.factory.FactoryReport;
import io.github.lwm2mcreds.factory.FactoryRun;
import io.github.lwm2mcreds.factory.Fleet;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestSealer;
import io.github.lwm2mcreds.partition.FlashImage.Format;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "generate",
    headerHeading =
        "Example:%n  lwm2m-creds generate --from d.csv --out lot-7.zip --manifest lot-7.csv%n%n",
    description = {
      "Make the images of many devices, and the manifest with their keys for the server.",
      "Without a list: --count 1000 --endpoint-template sensor-%%08x --start 0.",
      "Until it is complete, a run keeps the seed of all its keys beside the manifest, in clear, in"
          + " a file .run of mode 0600: who reads it has the keys. After a stop of any kind,"
          + " --resume with the same options goes on; at the end, the seed is overwritten and its"
          + " file removed."
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @ArgGroup(exclusive = false, heading = GenerateDevices.HEADING)
  private GenerateDevices devices = new GenerateDevices();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR|ZIP",
      description = "New or empty folder for the images, or new file whose name ends in .zip.")
  private Path out;

  @Option(
      names = "--image",
      paramLabel = "raw|page|hex",
      defaultValue = "raw",
      description =
          "The 66 bytes, the whole partition padded with 0xFF, or Intel HEX. Default:"
              + " ${DEFAULT-VALUE}.")
  private Format image;

  @Option(
      names = "--manifest",
      required = true,
      paramLabel = "FILE",
      description = "New file for the manifest: NDJSON if .ndjson is in its name, or else CSV.")
  private Path manifest;

  @Option(
      names = "--lot",
      paramLabel = "NUMBER",
      description = "Number of the lot. Default: the name of the manifest up to its first dot.")
  private String lot;

  @Option(
      names = "--seal-to",
      paramLabel = "CERT",
      description =
          "Seal the manifest for this receiver, so that its keys are never on disk in clear; may be"
              + " given several times. Needs --sign-with.")
  private List<Path> recipients = List.of();

  @Option(
      names = "--against",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "MANIFEST",
      description =
          "Earlier manifest whose endpoints and keys must not be made again; may be given several"
              + " times. So does --store."
              + InputFiles.HELP)
  private List<String> earlier = List.of();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "New file for labels with endpoint, check value and a QR code with both, never a key:"
              + " .pdf, .svg (of one page), or .csv for a label printer's program.")
  private Path labels; // null without labels

  @Option(names = "--resume", description = "Go on with a run that was stopped.")
  private boolean resume;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Mixin private DeviceStackOption deviceStack;
  @Mixin private LabelSheetOption sheet;
  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @ArgGroup(exclusive = false, heading = ManifestSignOptions.HEADING)
  private ManifestSignOptions signOptions = new ManifestSignOptions();

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @ArgGroup(exclusive = false, heading = GenerateDevices.STORE_HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    if (!storeOptions.hasStore() || resume) {
      return run(Optional.empty());
    }
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      return run(Optional.of(store));
    }
  }

  private int run(Optional<JdbcCredentialStore> store) throws CommandException {
    Progress progress = new Progress("devices", devices.count(), streams);
    try {
      FactoryRun.Builder builder = builder();
      store.ifPresent(found -> builder.against(Fleet.takenIn(found)));
      if (!quiet) {
        builder.onProgress(progress);
      }
      FactoryRun run = builder.build();
      FactoryReport report = resume ? run.resume() : run.run();
      progress.clear();
      print(report);
      return ExitCode.DONE;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw CommandException.refused(e.getMessage(), e);
    } catch (IOException e) {
      progress.clear();
      throw LabelFailure.of(labels, e).orElseGet(() -> FactoryFailure.of(manifest, e));
    }
  }

  private FactoryRun.Builder builder() throws CommandException, IOException {
    FactoryRun.Builder builder = FactoryRun.builder().images(out, image).onProblem(this::print);
    devices.addTo(builder, keyPolicy.policy());
    builder.manifest(manifest, manifestFormat(), lot());
    if (labels != null) {
      builder.labels(labels, sheet.sheet());
    }
    locationOptions.findBoard().ifPresent(builder::board);
    locationOptions.location().ifPresent(builder::location); // of the firmware's date
    deviceStack.profile().ifPresent(builder::deviceProfile);
    locationOptions.explain(streams);
    for (Path file : InputFiles.of(earlier, streams)) {
      builder.against(earlier(file));
    }
    if (!recipients.isEmpty()) {
      builder.sealedBy(sealer());
    }
    return builder;
  }

  /** Returns the devices of an earlier manifest, of which a failure names that manifest. */
  private Fleet earlier(Path file) {
    Fleet devices = Fleet.of(() -> reader(source, file, KeyPolicy.allowingAnyKey(), streams));
    return visitor -> {
      try {
        devices.forEach(visitor);
      } catch (IOException e) {
        throw new IOException(e.getMessage(), FactoryFailure.of(file, e));
      }
    };
  }

  /** Opens a manifest; what the user did wrong is the cause of the exception. */
  static ManifestReader reader(ManifestSource source, Path file, KeyPolicy policy, Streams streams)
      throws IOException {
    try {
      return source.reader(file, policy, streams);
    } catch (CommandException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ManifestSealer sealer() throws CommandException, IOException {
    ManifestSealer.Builder builder = ManifestSealer.builder(signOptions.signer(streams));
    for (Path recipient : recipients) {
      builder.recipient(ManifestKeyFile.certificate(recipient));
    }
    return builder.build();
  }

  private String name() {
    return String.valueOf(manifest.getFileName());
  }

  private ManifestFormat manifestFormat() {
    return name().toLowerCase(Locale.ROOT).contains(".ndjson")
        ? ManifestFormat.NDJSON
        : ManifestFormat.CSV;
  }

  private String lot() {
    return lot == null ? name().replaceFirst("(?<=.)\\..*", "") : lot;
  }

  private void print(DeviceProblem problem) {
    String where = problem.line() == 0 ? "" : "line " + problem.line() + ": ";
    streams.err().println(where + problem.message());
  }

  private void print(FactoryReport report) {
    if (format.isJson()) {
      printJson(report);
      return;
    }
    streams
        .out()
        .println(
            report.devices()
                + " devices  images "
                + InputFile.name(out)
                + "  manifest "
                + InputFile.name(manifest)
                + (labels == null ? "" : "  labels " + InputFile.name(labels))
                + "  lot "
                + Printable.escape(report.lot().number())
                + "  sha256 "
                + report.lot().sha256());
    FlashCommands.of(out, image, locationOptions).forEach(streams.out()::println);
  }

  private void printJson(FactoryReport report) {
    ObjectNode object = JsonLine.object();
    object.put("images", out.toString());
    object.put("manifest", manifest.toString());
    if (labels != null) {
      object.put("labels", labels.toString());
    }
    object.put("devices", report.devices());
    object.put("lot", report.lot().number());
    object.put("sha256", report.lot().sha256());
    streams.out().println(JsonLine.of(object));
  }
}
