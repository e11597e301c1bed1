// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.migration.ExportReport;
import io.github.lwm2mcreds.leshan.migration.NotTaken;
import io.github.lwm2mcreds.leshan.migration.StoreExport;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    headerHeading =
        "Example:%n  lwm2m-creds store export --to leshan-file -o a.data --store"
            + " sqlite:fleet.db%n%n",
    description = {
      "Write a store's credentials to a new file of mode 0600 that Leshan or Scandium loads, or to"
          + " a manifest. The file holds keys in clear unless it has a password.",
      "Code 3 if the format cannot say a credential, which is then left out and named. Of an"
          + " endpoint that rotates, the current credential is written."
    })
final class StoreExportCommand implements Callable<Integer> {
  /** What to write. */
  private enum Target {
    LESHAN_FILE("leshan-file"),
    SCANDIUM_PSK_FILE("scandium-psk-file"),
    MANIFEST("manifest");

    private final String word;

    Target(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Mixin private Streams streams;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "KIND",
      description =
          "${COMPLETION-CANDIDATES}: for Leshan's FileSecurityStore (2.0.0-M18), for Scandium's"
              + " MultiPskFileStore, or a manifest in clear.")
  private Target to;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "New file. A manifest is NDJSON if .ndjson is in its name, or else CSV.")
  private Path output;

  @Option(
      names = "--output-passphrase",
      paramLabel = "@FILE|-",
      description = "Encrypt a file for Scandium with this password.")
  private String passphrase;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    if (passphrase != null && to != Target.SCANDIUM_PSK_FILE) {
      throw CommandException.refused("--output-passphrase needs --to " + Target.SCANDIUM_PSK_FILE);
    }
    char[] password =
        passphrase == null
            ? new char[0]
            : SecretInput.passphrase("--output-passphrase", passphrase, true, streams);
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      StoreExport export =
          StoreExport.of(store).onProgress(new Progress("credentials", store.size(), streams));
      ExportReport report = write(export, password);
      print(report);
      return report.left().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private ExportReport write(StoreExport export, char[] password) throws CommandException {
    try {
      return switch (to) {
        case LESHAN_FILE -> export.toLeshanFile(output);
        case SCANDIUM_PSK_FILE ->
            password.length == 0
                ? export.toScandiumFile(output)
                : export.toScandiumFile(output, password);
        case MANIFEST -> export.toManifest(output, manifestFormat());
      };
    } catch (FileAlreadyExistsException e) {
      throw PrivateFile.existing(output, Optional.empty());
    } catch (NoSuchFileException e) {
      throw CommandException.refused(InputFile.name(output) + ": its folder does not exist", e);
    } catch (IOException e) {
      throw Rights.writing(output, e);
    }
  }

  private ManifestFormat manifestFormat() {
    String name = Objects.toString(output.getFileName(), "").toLowerCase(Locale.ROOT);
    return name.contains(".ndjson") ? ManifestFormat.NDJSON : ManifestFormat.CSV;
  }

  private void print(ExportReport report) {
    for (NotTaken left : report.left()) {
      streams.out().println(format.isJson() ? json(left) : text(left));
    }
    streams
        .out()
        .println(
            format.isJson()
                ? JsonLine.of(
                    JsonLine.object()
                        .put("file", output.toString())
                        .put("kind", to.toString())
                        .put("written", report.written())
                        .put("leftOut", report.left().size()))
                : InputFile.name(output)
                    + ": "
                    + report.written()
                    + " written"
                    + (report.left().isEmpty() ? "" : ", " + report.left().size() + " left out"));
    if (passphrase == null && report.written() > 0) {
      streams.warn(InputFile.name(output) + " holds keys in clear; delete it once it is loaded");
    }
  }

  private static String text(NotTaken left) {
    return StoreRow.padded(left.endpoint().orElseThrow())
        .append("left out: ")
        .append(left.message())
        .toString();
  }

  private static String json(NotTaken left) {
    return JsonLine.of(
        ReportJson.of(left.endpoint().orElseThrow(), Optional.empty())
            .put("outcome", "left out")
            .put("reason", left.reason().name())
            .put("message", left.message()));
  }
}
