// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.factory.Fleet;
import io.github.lwm2mcreds.factory.FleetDevice;
import io.github.lwm2mcreds.factory.ImageComparison;
import io.github.lwm2mcreds.factory.ImageOutcome;
import io.github.lwm2mcreds.factory.ImageResult;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    headerHeading = "Example:%n  lwm2m-creds verify --images lot-7.zip --manifest lot-7.csv%n%n",
    description = {
      "Compare images, or flash that was read back, with a manifest, a store or a server.",
      "Each image is read as the firmware does, and the keys are compared. A row for each device;"
          + " code 3 if one does not match."
    })
final class VerifyCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR|ZIP|FILE",
      description = "Images in a folder or a zip file, or one image or flash dump.")
  private Path images;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Compare with this manifest, sealed or in clear.")
  private Path manifest;

  @Option(
      names = "--partial",
      description = "The images are of some of the devices: none is missed on this side.")
  private boolean partial;

  @Option(names = "--summary", description = "Show no rows of devices that match.")
  private boolean summary;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @ArgGroup(exclusive = false, heading = ServerOptions.HEADING)
  private ServerOptions server = new ServerOptions();

  @ArgGroup(exclusive = false, heading = "%nStore:%n")
  private StoreOptions storeOptions = new StoreOptions();

  private Path reading; // the one of the files that is read

  @Override
  public Integer call() throws CommandException {
    requireOneFleet();
    if (manifest != null) {
      return compare(Fleet.of(this::openManifest));
    }
    if (server.isGiven()) {
      LeshanSecurityApi api = server.api(streams);
      return compare(visitor -> visit(api, visitor));
    }
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      return compare(Fleet.of(store));
    }
  }

  private ManifestReader openManifest() throws IOException {
    reading = manifest;
    return GenerateCommand.reader(source, manifest, KeyPolicy.allowingAnyKey(), streams);
  }

  /** Refuses two of them, since it would be a guess which one is meant, and none. */
  private void requireOneFleet() throws CommandException {
    List<String> given = new ArrayList<>();
    if (manifest != null) {
      given.add("--manifest");
    }
    if (server.isGiven()) {
      given.add("--server");
    }
    if (storeOptions.isGiven()) {
      given.add("--store");
    }
    if (given.size() > 1) {
      throw CommandException.refused(
          "images are compared with one thing at a time: give one of "
              + String.join(", ", given)
              + " and leave the rest out");
    }
    if (given.isEmpty() && !storeOptions.hasStore()) {
      throw CommandException.refused(
          "missing: --manifest FILE, --server URL or --store STORE (try --help)");
    }
  }

  private static void visit(LeshanSecurityApi api, Fleet.Visitor visitor) throws IOException {
    try {
      List<SecurityEntry> entries = api.list();
      try {
        for (SecurityEntry entry : entries) {
          if (entry.credential().isPresent()) {
            visitor.visit(FleetDevice.of(entry.credential().get()));
          }
        }
      } finally {
        entries.forEach(SecurityEntry::destroy);
      }
    } catch (SecurityApiException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private int compare(Fleet fleet) throws CommandException {
    reading = images;
    try {
      Map<ImageOutcome, Long> counts =
          ImageComparison.compare(images, locationOptions.location(), fleet, this::print);
      if (partial) {
        counts.remove(ImageOutcome.MISSING_HERE);
      }
      if (!format.isJson()) {
        streams.out().println(text(counts));
      }
      boolean allMatch = counts.keySet().stream().allMatch(o -> o == ImageOutcome.MATCH);
      return allMatch ? ExitCode.DONE : ExitCode.FINDINGS;
    } catch (IOException e) {
      if (e.getCause() instanceof CommandException known) {
        throw known;
      }
      if (e.getCause() instanceof SecurityApiException) {
        throw CommandException.failed(e.getMessage(), e);
      }
      throw FactoryFailure.of(reading, e);
    }
  }

  private static String text(Map<ImageOutcome, Long> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (outcome, count) ->
            text.append(text.length() == 0 ? "" : ", ")
                .append(count)
                .append(' ')
                .append(text(outcome)));
    return text.length() == 0 ? "no devices" : text.toString();
  }

  private static String text(ImageOutcome outcome) {
    return switch (outcome) {
      case BUILT_IN_KEY -> "would use the built-in key";
      case NO_ENDPOINT -> "would use the serial number";
      case SAME_ENDPOINT -> "same endpoint as another image";
      default -> outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  private void print(ImageResult result) {
    boolean isHidden =
        result.outcome() == ImageOutcome.MISSING_HERE && partial
            || result.outcome() == ImageOutcome.MATCH && summary;
    if (isHidden) {
      return;
    }
    if (format.isJson()) {
      streams
          .out()
          .println(
              JsonLine.of(
                  JsonLine.object()
                      .put("endpoint", result.endpoint().orElse(null))
                      .put("checkValue", result.checkValue().orElse(null))
                      .put("file", result.file().orElse(null))
                      .put(
                          "outcome",
                          result.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                      .put("problem", result.problem().orElse(null))));
      return;
    }
    streams
        .out()
        .println(
            StoreRow.padded(result.endpoint().orElse(InspectView.NO_ENDPOINT))
                .append(result.checkValue().orElse("(no key)"))
                .append("  ")
                .append(text(result.outcome()))
                .append(result.file().map(file -> "  " + Printable.escape(file)).orElse(""))
                .append(result.problem().map(problem -> ": " + problem).orElse("")));
  }
}
