package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.Rotation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show what a store has of an endpoint.",
    mixinStandardHelpOptions = true)
final class StoreShowCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Option(
      names = "--reveal",
      description = "Show the pre-shared key in clear, once the endpoint was typed again.")
  private boolean reveal;

  @Option(names = "--yes", description = "With --reveal: do not ask.")
  private boolean yes;

  @Option(
      names = "--history",
      description = "Show what was done to the endpoint; reads the whole audit trail.")
  private boolean history;

  @Mixin private StoreOption storeOption;

  StoreShowCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOption.open(streams)) {
      Optional<DeviceCredential> credential = store.findByEndpoint(endpoint);
      Optional<Revocation> revocation = store.findRevocation(endpoint);
      if (credential.isEmpty() && revocation.isEmpty()) {
        throw CommandException.refused(
            StoreRow.quoted(endpoint) + " has no credential in " + storeOption.address());
      }
      if (reveal && !yes) {
        confirm();
      }
      streams.out().println(Printable.escape(endpoint));
      credential.ifPresent(this::print);
      rotation(store).ifPresent(rotation -> print(store, rotation));
      revocation.ifPresent(this::print);
      if (history) {
        printHistory(store);
      }
      return ExitCode.DONE;
    }
  }

  private void confirm() throws CommandException {
    streams.err().print("The key is shown in clear. Type the endpoint to go on: ");
    streams.err().flush();
    byte[] typed = SecretInput.line(streams.in());
    if (!Arrays.equals(typed, endpoint.getBytes(StandardCharsets.UTF_8))) {
      streams.err().println();
      throw CommandException.refused("that is not the endpoint; no key is shown");
    }
  }

  private void print(DeviceCredential credential) {
    row("identity", credential.pskIdentity().toString());
    row("check value", credential.psk().checkValue().toString());
    if (reveal) {
      row("key", InspectView.hex(credential.psk()));
    }
    credential.destroy();
  }

  private Optional<Rotation> rotation(JdbcCredentialStore store) {
    try (Stream<Rotation> rotations = store.rotations()) {
      return rotations.filter(rotation -> rotation.endpoint().equals(endpoint)).findFirst();
    }
  }

  private void print(JdbcCredentialStore store, Rotation rotation) {
    row("rotation", StoreRow.of(rotation, Instant.now()));
    if (rotation.deadline().isAfter(Instant.now())) {
      store
          .findByPskIdentity(rotation.next())
          .ifPresent(
              next -> {
                row("next", next.psk().checkValue().toString());
                if (reveal) {
                  row("next key", InspectView.hex(next.psk()));
                }
                next.destroy();
              });
    }
  }

  private void print(Revocation revocation) {
    row(
        "revoked",
        revocation.time()
            + (revocation.reason().isEmpty() ? "" : "  " + Printable.escape(revocation.reason())));
  }

  private void printHistory(JdbcCredentialStore store) {
    try (Stream<AuditEntry> entries = store.audit(0)) {
      entries
          .filter(entry -> entry.endpoint().equals(endpoint))
          .forEach(entry -> row("history", AuditFormat.TEXT.row(entry)));
    }
  }

  private void row(String name, String value) {
    streams.out().printf("  %-12s %s%n", name, value);
  }
}
