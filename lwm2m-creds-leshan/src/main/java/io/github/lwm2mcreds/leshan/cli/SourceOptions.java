// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.migration.LeshanStoreFile;
import io.github.lwm2mcreds.leshan.migration.ScandiumPskFile;
import io.github.lwm2mcreds.leshan.migration.ThingsBoardFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which system a file or server to be imported is of. */
final class SourceOptions {
  static final String HEADING = "%nOther systems than manifests:%n";

  @Option(
      names = "--from",
      paramLabel = "KIND",
      description =
          "${COMPLETION-CANDIDATES}. Default: what a file's beginning shows, or else a manifest."
              + " leshan-file is the file of Leshan's FileSecurityStore, 1.x or 2.x;"
              + " scandium-psk-file that of Scandium's MultiPskFileStore; thingsboard the CSV of"
              + " its bulk provisioning.")
  private SourceKind from; // null to find it out

  @Option(
      names = "--source-passphrase",
      paramLabel = "@FILE|-",
      description = "Password of an encrypted file of Scandium's.")
  private String passphrase;

  @Option(
      names = "--endpoints",
      paramLabel = "FILE",
      description =
          "Whose identities are in a file of Scandium's: CSV with the columns endpoint and"
              + " pskIdentity. Default: the endpoint is the identity.")
  private Path endpointList;

  @Option(
      names = "--column",
      paramLabel = "endpoint|mode|identity|key=NAME",
      description = "What a column in ThingsBoard's CSV is called, if not as there.")
  private Map<String, String> columns = new LinkedHashMap<>();

  private final Set<SourceKind> read = EnumSet.noneOf(SourceKind.class);
  private char[] password; // null until it is needed
  private Map<PskIdentity, String> endpoints; // null until they are needed

  /** Returns whether the devices are in a server, not in a file. */
  boolean isServer() {
    return from == SourceKind.LESHAN_SERVER || isRedis();
  }

  boolean isRedis() {
    return from == SourceKind.LESHAN_REDIS;
  }

  /** Returns the devices in a file; empty if it is a manifest. */
  Optional<ImportSource> source(Path file, Streams streams) throws CommandException {
    KeyPolicy any = KeyPolicy.allowingAnyKey();
    SourceKind kind = from == null ? SourceKind.of(file) : from;
    read.add(kind);
    return switch (kind) {
      case LESHAN_FILE -> imported(file, () -> LeshanStoreFile.open(file, any));
      case THINGSBOARD -> {
        Map<ThingsBoardFile.Column, String> names = names();
        yield imported(file, () -> ThingsBoardFile.open(file, any, names));
      }
      case SCANDIUM_PSK_FILE -> {
        ScandiumPskFile.Builder builder = scandium(streams).keyPolicy(any);
        yield imported(file, () -> builder.open(file));
      }
      default -> Optional.empty();
    };
  }

  /** Refuses options that none of the sources has made use of, as they were meant for one. */
  void requireUsed() throws CommandException {
    if (passphrase != null) {
      requireRead(SourceKind.SCANDIUM_PSK_FILE, "--source-passphrase");
    }
    if (endpointList != null) {
      requireRead(SourceKind.SCANDIUM_PSK_FILE, "--endpoints");
    }
    if (!columns.isEmpty()) {
      requireRead(SourceKind.THINGSBOARD, "--column");
    }
  }

  private void requireRead(SourceKind kind, String option) throws CommandException {
    if (!read.contains(kind)) {
      throw CommandException.refused(
          option + " is only for what is imported with --from " + kind + ", and nothing is");
    }
  }

  private static Optional<ImportSource> imported(Path file, OtherImport.Opening opening) {
    return Optional.of(OtherImport.of(file, opening));
  }

  private Map<ThingsBoardFile.Column, String> names() throws CommandException {
    Map<ThingsBoardFile.Column, String> names = new EnumMap<>(ThingsBoardFile.Column.class);
    for (Map.Entry<String, String> column : columns.entrySet()) {
      try {
        names.put(
            ThingsBoardFile.Column.valueOf(column.getKey().toUpperCase(Locale.ROOT)),
            column.getValue());
      } catch (IllegalArgumentException e) {
        throw CommandException.refused(
            "--column must be endpoint, mode, identity or key, and a name, such as"
                + " endpoint=DEVICE",
            e);
      }
    }
    return names;
  }

  private ScandiumPskFile.Builder scandium(Streams streams) throws CommandException {
    ScandiumPskFile.Builder builder = ScandiumPskFile.builder();
    if (passphrase != null) {
      if (password == null) {
        password = SecretInput.passphrase("--source-passphrase", passphrase, false, streams);
      }
      builder.password(password);
    }
    if (endpointList != null) {
      if (endpoints == null) {
        endpoints = EndpointList.read(endpointList);
      }
      Map<PskIdentity, String> known = endpoints;
      builder.endpoints(identity -> Optional.ofNullable(known.get(identity)));
    }
    return builder;
  }

  /** Wipes the password. */
  void wipe() {
    if (password != null) {
      Arrays.fill(password, '\0');
    }
  }
}
