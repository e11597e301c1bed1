// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.migration.CredentialSource;
import io.github.lwm2mcreds.leshan.migration.FoundCredential;
import io.github.lwm2mcreds.leshan.migration.NotTaken;
import io.github.lwm2mcreds.leshan.migration.SourceEntry;
import io.github.lwm2mcreds.leshan.migration.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The devices of another system's file or server. */
final class OtherImport implements ImportSource {
  /** Opens the source, which leaves weak keys to the policy of the store. */
  interface Opening {
    CredentialSource open() throws IOException;
  }

  private final String rawName;
  private final Optional<Path> file;
  private final String choice; // the option that ends an ambiguity
  private final Opening opening;
  private CredentialSource source; // null unless it is open
  private CredentialSource opened; // the same, kept for its words; null until it was open

  private OtherImport(String rawName, Optional<Path> file, String choice, Opening opening) {
    this.rawName = rawName;
    this.file = file;
    this.choice = choice;
    this.opening = opening;
  }

  /** Returns the devices in a file. */
  static OtherImport of(Path file, Opening opening) {
    return new OtherImport(file.toString(), Optional.of(file), "--column", opening);
  }

  /** Returns the devices in a server. */
  static OtherImport ofServer(String address, Opening opening) {
    return new OtherImport(address, Optional.empty(), "--redis-prefix", opening);
  }

  @Override
  public String name() {
    return Printable.escape(rawName);
  }

  @Override
  public String rawName() {
    return rawName;
  }

  @Override
  public String place(long number) {
    return opened == null ? ImportSource.super.place(number) : opened.place(number);
  }

  @Override
  public Optional<ImportItem> next() throws IOException {
    if (source == null) {
      source = opening.open();
      opened = source;
    }
    return source.next().map(OtherImport::item);
  }

  private static ImportItem item(SourceEntry entry) {
    if (entry instanceof FoundCredential found) {
      return new ImportFound(found.number(), found.credential());
    }
    NotTaken left = (NotTaken) entry;
    return new ImportUnreadable(
        left.number(), Optional.empty(), left.endpoint(), left.reason().name(), left.message());
  }

  /** A server has each endpoint once; a file may be anybody's. */
  @Override
  public boolean rewind() throws IOException {
    if (file.isEmpty() || !Files.isRegularFile(file.get())) {
      return false;
    }
    close();
    return true;
  }

  @Override
  public CommandException failure(IOException e) {
    if (e instanceof SourceException known) {
      String message = name() + ": " + e.getMessage() + hint(known.reason());
      return known.reason() == SourceException.Reason.UNAVAILABLE
          ? CommandException.failed(message, e)
          : CommandException.refused(message, e);
    }
    return file.isPresent()
        ? FactoryFailure.of(file.get(), e).about(name())
        : CommandException.failed(name() + ": cannot be read: " + e.getMessage(), e);
  }

  private String hint(SourceException.Reason reason) {
    return switch (reason) {
      case ENCRYPTED -> " (--source-passphrase)";
      case AMBIGUOUS -> " (" + choice + ")";
      default -> "";
    };
  }

  @Override
  public ImportEnd end() {
    return new ImportEnd(true, "", facts -> {});
  }

  @Override
  public long size() {
    return file.map(path -> path.toFile().length()).orElse(0L);
  }

  @Override
  public long done() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    if (source != null) {
      source.close();
      source = null;
    }
  }
}
