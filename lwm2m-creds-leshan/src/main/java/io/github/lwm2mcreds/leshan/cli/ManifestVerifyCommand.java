// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.ManifestOpener;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    headerHeading = "Example:%n  lwm2m-creds manifest verify lot.p7m --trust factory.crt%n%n",
    description = {
      "Check that a lot is complete and unchanged, and that a sealed one is from whom it should"
          + " be.",
      "A sealed manifest can be checked without a key; with --open-with its rows are checked, too."
    })
final class ManifestVerifyCommand implements Callable<Integer> {
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
      boolean isSealed = ManifestOpener.isSealed(file);
      if (isSealed) {
        String signer = source.signers().verify(file).getSubjectX500Principal().getName();
        print(signer);
      }
      return isSealed && !source.hasKey() ? ExitCode.DONE : verifyRows();
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
  }

  private void print(String signer) {
    if (format.isJson()) {
      ObjectNode object = JsonLine.object();
      object.put("file", file.toString());
      object.put("signer", signer);
      streams.out().println(JsonLine.of(object));
    } else {
      streams
          .out()
          .println(
              InputFile.name(file)
                  + ": sealed, unaltered, signed by '"
                  + Printable.escape(signer)
                  + "'");
    }
  }

  private int verifyRows() throws CommandException, IOException {
    ManifestSummary summary = new ManifestView(streams, format).show(file, source, keyPolicy);
    return ManifestView.isWhole(summary) ? ExitCode.DONE : ExitCode.FINDINGS;
  }
}
