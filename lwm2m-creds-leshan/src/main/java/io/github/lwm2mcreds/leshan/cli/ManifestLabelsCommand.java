// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.label.LabelWriter;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "labels",
    headerHeading = "Example:%n  lwm2m-creds manifest labels lot.csv --output labels.pdf%n%n",
    description = {
      "Make labels for the devices of a manifest: endpoint, check value, and a QR code with both;"
          + " never a key.",
      "Nothing is written if a row has problems or rows are missing."
    })
final class ManifestLabelsCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(paramLabel = "FILE", description = "Manifest in CSV or NDJSON, or sealed.")
  private Path file;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description =
          "New file for the labels: .pdf, .svg (of one page), or .csv for a label printer's"
              + " program.")
  private Path output;

  @Mixin private LabelSheetOption sheet;
  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @Override
  public Integer call() throws CommandException {
    ManifestView view = new ManifestView(streams, format);
    Progress progress = new Progress("labels", 0, streams);
    try (ManifestReader reader = source.reader(file, keyPolicy.policy(), streams);
        LabelWriter labels = begin()) {
      ManifestSummary summary = labels.writeAll(reader, view::print, progress);
      progress.clear();
      if (summary.problems() > 0 || !isWholeOrNoLot(summary)) {
        view.print(file, summary);
        streams.err().println("no labels were written");
        return ExitCode.FINDINGS;
      }
      finish(labels);
      print(summary);
      return ExitCode.DONE;
    } catch (IOException e) {
      progress.clear();
      throw LabelFailure.of(output, e).orElseGet(() -> ManifestFailure.of(file, e));
    }
  }

  private LabelWriter begin() throws CommandException {
    try {
      return LabelWriter.open(output, sheet.sheet());
    } catch (IOException e) {
      throw LabelFailure.of(output, e).orElseGet(() -> ManifestFailure.of(output, e));
    }
  }

  private void finish(LabelWriter labels) throws CommandException {
    try {
      labels.finish();
    } catch (IOException e) {
      throw ManifestFailure.of(output, e);
    }
  }

  private static boolean isWholeOrNoLot(ManifestSummary summary) {
    return summary.lotCheck() == LotCheck.MATCHES || summary.lotCheck() == LotCheck.NO_LOT;
  }

  private void print(ManifestSummary summary) {
    streams
        .out()
        .println(
            format.isJson()
                ? JsonLine.of(
                    JsonLine.object()
                        .put("labels", output.toString())
                        .put("devices", summary.rows()))
                : summary.rows() + " labels  " + InputFile.name(output));
  }
}
