// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    headerHeading = "Example:%n  lwm2m-creds manifest inspect lot.csv%n%n",
    description = "Show what is in a manifest, and what is wrong with its rows; never a key.")
final class ManifestInspectCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(paramLabel = "FILE", description = "Manifest in CSV or NDJSON, or sealed.")
  private Path file;

  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @Override
  public Integer call() throws CommandException {
    try {
      ManifestSummary summary = new ManifestView(streams, format).show(file, source, keyPolicy);
      boolean isFine =
          ManifestView.isWhole(summary)
              || summary.problems() == 0 && summary.lotCheck() == LotCheck.NO_LOT;
      return isFine ? ExitCode.DONE : ExitCode.FINDINGS;
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
  }
}
