// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestReceipt;
import io.github.lwm2mcreds.manifest.ManifestSigner;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "receipt",
    headerHeading =
        "Example:%n  lwm2m-creds manifest receipt receipt.p7m --verify --trust server.crt%n%n",
    description = {
      "Sign for a lot: say which of its devices a store holds, and which it does not and why.",
      "With --verify, show a receipt instead after checking its signature."
    })
final class ManifestReceiptCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(
      paramLabel = "FILE",
      description = "Manifest, in clear or sealed; with --verify, the receipt.")
  private Path file;

  @Option(
      names = "--verify",
      description = "Check and show a receipt. --trust names the receiver's certificate.")
  private boolean verify;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "New file for the signed receipt.")
  private Path output;

  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = ManifestSignOptions.HEADING)
  private ManifestSignOptions signOptions = new ManifestSignOptions();

  @ArgGroup(exclusive = false, heading = ManifestSource.HEADING)
  private ManifestSource source = new ManifestSource();

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    ManifestReceipt receipt = verify ? verified() : signed();
    new ManifestReceiptView(streams, format).print(receipt);
    return receipt.notTaken().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private ManifestReceipt verified() throws CommandException {
    try {
      return ManifestReceipt.verify(file, source.signers());
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
  }

  private ManifestReceipt signed() throws CommandException {
    if (output == null) {
      throw CommandException.refused("missing: --output FILE (try --help)");
    }
    ManifestSigner signer = signOptions.signer(streams);
    ManifestReceipt receipt = receipt();
    try (PrivateOutput out = new PrivateOutput(output)) {
      receipt.sign(signer, out);
      out.commit();
      return receipt;
    } catch (IOException e) {
      throw ManifestFailure.of(output, e);
    }
  }

  private ManifestReceipt receipt() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(keyPolicy.policy(), streams);
        var reader = source.reader(file, keyPolicy.policy(), streams)) {
      ManifestTaking taking = new ManifestTaking(store);
      taking.takeAll(reader);
      Lot lot =
          reader
              .summary()
              .stated()
              .orElseThrow(
                  () ->
                      CommandException.refused(
                          InputFile.name(file)
                              + ": is not a whole lot ("
                              + ManifestView.text(reader.summary())
                              + "), so nobody can sign for it"));
      return taking.receipt(lot);
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
  }
}
