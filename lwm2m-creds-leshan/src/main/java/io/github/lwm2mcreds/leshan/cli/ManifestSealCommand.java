// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSealer;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import io.github.lwm2mcreds.manifest.ManifestWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "seal",
    headerHeading =
        "Example:%n  lwm2m-creds manifest seal a.csv -o a.p7m --seal-to srv.crt --sign-with"
            + " fab.pem%n%n",
    description = "Encrypt a manifest for its receivers and sign it; openssl cms can open it.")
final class ManifestSealCommand implements Callable<Integer> {
  private static final Set<String> OF_CREDENTIAL =
      Set.of("endpoint", "pskIdentity", "psk", "manifestLot");

  @Mixin private Streams streams;

  @Parameters(paramLabel = "FILE", description = "Manifest in CSV or NDJSON.")
  private Path file;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "New file for the sealed manifest.")
  private Path output;

  @Option(
      names = "--seal-to",
      required = true,
      paramLabel = "CERT",
      description = "Certificate of a receiver, RSA or EC; may be given several times.")
  private List<Path> recipients;

  @Option(
      names = "--lot",
      paramLabel = "NUMBER",
      description = "Make the manifest this lot. Required if it is none yet.")
  private String lot;

  @Option(
      names = "--cbc",
      description =
          "Encrypt with AES-256-CBC instead of GCM, for receivers with OpenSSL before 3.0.")
  private boolean cbc;

  @Mixin private KeyPolicyOption keyPolicy;

  @ArgGroup(exclusive = false, heading = ManifestSignOptions.HEADING)
  private ManifestSignOptions signOptions = new ManifestSignOptions();

  @Mixin private FormatOption format;

  @Override
  public Integer call() throws CommandException {
    ManifestSummary summary = check();
    ManifestWriter.Builder builder = builder(summary);
    try {
      Lot sealed = write(builder.sealedBy(sealer()));
      new ManifestLotView(streams, format).print(output, sealed, "sealed");
      return ExitCode.DONE;
    } catch (IOException e) {
      throw ManifestFailure.of(output, e);
    }
  }

  /** Reads the manifest once, as nothing is to be sealed that the receiver cannot use. */
  private ManifestSummary check() throws CommandException {
    try (ManifestReader reader = ManifestReader.open(file, keyPolicy.policy())) {
      ManifestSummary summary = new ManifestView(streams, format).readAll(reader);
      if (summary.problems() > 0) {
        throw refused("has " + summary.problems() + " rows with problems");
      }
      if (summary.lotCheck() != LotCheck.MATCHES && summary.lotCheck() != LotCheck.NO_LOT) {
        throw refused("is not whole: " + ManifestView.text(summary));
      }
      return summary;
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
  }

  private CommandException refused(String what) {
    return CommandException.refused(InputFile.name(file) + ": " + what + "; nothing was sealed");
  }

  private ManifestWriter.Builder builder(ManifestSummary summary) throws CommandException {
    Optional<String> number = summary.stated().map(Lot::number);
    if (number.isEmpty() && lot == null) {
      throw refused("is not a lot yet: --lot NUMBER makes it one");
    }
    if (number.isPresent() && lot != null && !number.get().equals(lot)) {
      throw refused("is lot " + number.get() + " already");
    }
    try {
      return ManifestWriter.builder(summary.format())
          .lot(number.orElse(lot))
          .columns(
              summary.columns().stream()
                  .filter(name -> !OF_CREDENTIAL.contains(name))
                  .toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw CommandException.refused("--lot: " + e.getMessage(), e);
    }
  }

  private ManifestSealer sealer() throws CommandException, IOException {
    ManifestSealer.Builder builder = ManifestSealer.builder(signOptions.signer(streams));
    for (Path recipient : recipients) {
      builder.recipient(ManifestKeyFile.certificate(recipient));
    }
    return builder
        .encryption(
            cbc ? ManifestSealer.Encryption.AES_256_CBC : ManifestSealer.Encryption.AES_256_GCM)
        .build();
  }

  private Lot write(ManifestWriter.Builder builder) throws CommandException, IOException {
    try (ManifestReader reader = ManifestReader.open(file, keyPolicy.policy());
        ManifestWriter writer = builder.create(output)) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (!(next.get() instanceof ManifestRow row)) {
          throw refused("changed while it was read");
        }
        writer.write(row);
        row.destroy();
      }
      if (!ManifestView.isWhole(reader.summary())
          && reader.summary().lotCheck() != LotCheck.NO_LOT) {
        throw refused("changed while it was read");
      }
      return writer.finish().orElseThrow();
    }
  }
}
