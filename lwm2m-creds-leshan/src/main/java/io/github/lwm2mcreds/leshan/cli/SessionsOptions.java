// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.CredentialStore;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a server keeps its DTLS sessions while it does not run, if at all. */
final class SessionsOptions {
  @Option(
      names = "--sessions",
      paramLabel = "FILE",
      description =
          "Keep the DTLS sessions in this file while the server does not run, so that devices go on"
              + " without a handshake: saved when it stops and now and then, sealed by the store;"
              + " loaded and deleted when it starts. Each server needs a file of its own. Needs"
              + " --store.")
  private Path file;

  @Option(
      names = "--sessions-every",
      paramLabel = "TIME",
      defaultValue = "5m",
      description =
          "How often to save them while the server runs, in case it is killed, such as 1m or 1h."
              + " Default: ${DEFAULT-VALUE}.")
  private String every;

  /** Refuses a file that nothing would seal. */
  void check(boolean hasStore) throws CommandException {
    if (file != null && !hasStore) {
      throw CommandException.refused("--sessions needs --store, whose sealing key seals the file");
    }
    TimeSpan.parse("--sessions-every", every);
  }

  /** Adds the file to a server, if the option is given. */
  void addTo(PskServer.Builder server, CredentialStore store) throws CommandException {
    if (file != null) {
      server.sessions(
          SessionFile.of(file, store).snapshotsEvery(TimeSpan.parse("--sessions-every", every)));
    }
  }

  /** Returns why a server cannot use the file, if it was that. */
  Optional<CommandException> failure(RuntimeException e) {
    if (file == null) {
      return Optional.empty();
    }
    return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
        .filter(FileSystemException.class::isInstance)
        .map(FileSystemException.class::cast)
        .findFirst()
        .map(this::failure);
  }

  private CommandException failure(FileSystemException e) {
    return e.getReason() == null
        ? Rights.writing(file, e)
        : CommandException.failed("--sessions: " + e.getReason(), e);
  }
}
