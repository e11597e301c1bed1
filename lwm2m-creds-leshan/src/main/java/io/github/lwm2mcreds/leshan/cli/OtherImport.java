// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.migration.CredentialSource;
import io.github.lwm2mcreds.leshan.migration.FoundCredential;
import io.github.lwm2mcreds.leshan.migration.NotTaken;
import io.github.lwm2mcreds.leshan.migration.SourceEntry;
import io.github.lwm2mcreds.leshan.migration.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The devices of another system's file or server. */
final class OtherImport implements ImportSource {
  /** Opens the source, which leaves weak keys to the policy of the store. */
  interface Opening {
    CredentialSource open() throws IOException;
  }

  private final String rawName;
  private final long size;
  private final Opening opening;
  private CredentialSource source; // null until the first item is asked for

  OtherImport(String rawName, long size, Opening opening) {
    this.rawName = rawName;
    this.size = size;
    this.opening = opening;
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
    return source == null ? ImportSource.super.place(number) : source.place(number);
  }

  @Override
  public Optional<ImportItem> next() throws IOException {
    if (source == null) {
      source = opening.open();
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

  @Override
  public CommandException failure(IOException e) {
    if (e instanceof SourceException known) {
      String message = name() + ": " + e.getMessage() + hint(known.reason());
      return known.reason() == SourceException.Reason.UNAVAILABLE
          ? CommandException.failed(message, e)
          : CommandException.refused(message, e);
    }
    return FactoryFailure.of(Path.of(rawName), e).about(name());
  }

  private static String hint(SourceException.Reason reason) {
    return switch (reason) {
      case ENCRYPTED -> " (--source-passphrase)";
      case AMBIGUOUS -> " (--redis-prefix, or --column for a CSV)";
      default -> "";
    };
  }

  @Override
  public ImportEnd end() {
    return new ImportEnd(true, "", facts -> {});
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long done() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    if (source != null) {
      source.close();
    }
  }
}
