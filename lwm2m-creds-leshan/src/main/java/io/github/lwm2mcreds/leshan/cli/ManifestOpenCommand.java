// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.manifest.ManifestOpener;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "open",
    headerHeading =
        "Example:%n  lwm2m-creds manifest open a.p7m -o a.csv --trust fab.crt --open-with"
            + " srv.pem%n%n",
    description =
        "Check and decrypt a sealed manifest to a new file of mode 0600, and check its rows.")
final class ManifestOpenCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(paramLabel = "FILE", description = "Sealed manifest.")
  private Path file;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "New file for the manifest in clear, with mode 0600.")
  private Path output;

  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @Override
  public Integer call() throws CommandException {
    try {
      if (!ManifestOpener.isSealed(file)) {
        throw CommandException.refused(InputFile.name(file) + ": is not sealed");
      }
      try (InputStream in = source.open(file, streams)) {
        write(in);
      }
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
    return check();
  }

  /** The file gets its name after the end was read, which is where all of it is verified. */
  private void write(InputStream in) throws CommandException, IOException {
    byte[] buffer = new byte[1 << 16];
    try (PrivateOutput out = begin()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      out.commit();
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  private PrivateOutput begin() throws CommandException {
    try {
      return new PrivateOutput(output);
    } catch (IOException e) {
      throw ManifestFailure.of(output, e);
    }
  }

  private int check() throws CommandException {
    ManifestView view = new ManifestView(streams, format);
    try (ManifestReader reader = ManifestReader.open(output, keyPolicy.policy())) {
      ManifestSummary summary = view.readAll(reader);
      view.print(output, summary);
      return ManifestView.isWhole(summary) ? ExitCode.DONE : ExitCode.FINDINGS;
    } catch (IOException e) {
      throw ManifestFailure.of(output, e);
    }
  }
}
