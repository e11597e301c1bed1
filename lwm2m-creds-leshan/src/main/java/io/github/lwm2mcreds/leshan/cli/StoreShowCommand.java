// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    headerHeading =
        "Example:%n  lwm2m-creds store show sensor-1 --history --store sqlite:fleet.db%n%n",
    description = "Show what a store holds for an endpoint.")
final class StoreShowCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Option(
      names = "--reveal",
      description = "Show the pre-shared key in clear, after asking for the endpoint again.")
  private boolean reveal;

  @Option(names = "--yes", description = "With --reveal: do not ask.")
  private boolean yes;

  @Option(
      names = "--history",
      description = "Show the changes of the endpoint; reads the whole audit trail.")
  private boolean history;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    if (reveal && format.isJson()) {
      throw CommandException.refused(
          "--reveal shows the key to people only, without --format json");
    }
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      Optional<CredentialSummary> credential = StoredCredential.find(store, endpoint);
      Optional<Revocation> revocation = store.findRevocation(endpoint);
      if (credential.isEmpty() && revocation.isEmpty()) {
        throw CommandException.refused(
            StoreRow.quoted(endpoint)
                + " has no credential in "
                + storeOptions.address()
                + EndpointNeighbours.of(store, endpoint));
      }
      if (format.isJson()) {
        printJson(store, credential, revocation);
        return ExitCode.DONE;
      }
      if (reveal && !yes) {
        confirm();
      }
      streams.out().println(Printable.escape(endpoint));
      LookAlike.of(endpoint).ifPresent(seen -> streams.row("looks like", StoreRow.quoted(seen)));
      credential.ifPresent(summary -> print(store, summary));
      store.findRotation(endpoint).ifPresent(rotation -> print(store, rotation));
      revocation.ifPresent(this::print);
      if (history) {
        history(store, entry -> streams.row("history", AuditFormat.TEXT.row(entry)));
      }
      return ExitCode.DONE;
    }
  }

  private void printJson(
      JdbcCredentialStore store,
      Optional<CredentialSummary> credential,
      Optional<Revocation> revocation) {
    Rotation rotation = store.findRotation(endpoint).orElse(null);
    ObjectNode object = ReportJson.of(endpoint, credential);
    ReportJson.addRotation(object, rotation)
        .put("nextCheckValue", rotation == null ? null : checkValueOfNext(store, rotation));
    object.set("revocation", revocation.map(ReportJson::of).orElse(null));
    streams.out().println(JsonLine.of(object));
    if (history) {
      history(store, entry -> streams.out().println(AuditFormat.JSON.row(entry)));
    }
  }

  /** Returns the check value of the next key, or null if the key does not open. */
  private static String checkValueOfNext(JdbcCredentialStore store, Rotation rotation) {
    Optional<DeviceCredential> next =
        StoredCredential.opened(() -> store.findByPskIdentity(rotation.next()));
    String checkValue = next.map(c -> c.psk().checkValue().toString()).orElse(null);
    next.ifPresent(DeviceCredential::destroy);
    return checkValue;
  }

  private void confirm() throws CommandException {
    streams.err().print("This shows the key in clear. Type the endpoint to continue: ");
    streams.err().flush();
    byte[] typed = SecretInput.line(streams.in());
    if (!Arrays.equals(typed, endpoint.getBytes(StandardCharsets.UTF_8))) {
      streams.err().println();
      throw CommandException.refused("the endpoint does not match; no key is shown");
    }
  }

  private void print(JdbcCredentialStore store, CredentialSummary credential) {
    streams.row("identity", credential.pskIdentity().toString());
    streams.row("check value", StoreRow.checkValue(credential));
    if (reveal) {
      reveal("key", store.findByEndpoint(endpoint));
    }
  }

  private void reveal(String name, Optional<DeviceCredential> found) {
    found.ifPresent(
        credential -> {
          streams.row(name, InspectView.hex(credential.psk()));
          credential.destroy();
        });
  }

  private void print(JdbcCredentialStore store, Rotation rotation) {
    streams.row("rotation", StoreRow.of(rotation));
    Optional<DeviceCredential> next =
        StoredCredential.opened(() -> store.findByPskIdentity(rotation.next()));
    streams.row("next", next.map(c -> c.psk().checkValue().toString()).orElse("unopened"));
    if (reveal) {
      reveal("next key", next);
    }
    next.ifPresent(DeviceCredential::destroy);
  }

  private void print(Revocation revocation) {
    streams.row(
        "revoked",
        revocation.time()
            + (revocation.reason().isEmpty() ? "" : "  " + Printable.escape(revocation.reason())));
  }

  private void history(JdbcCredentialStore store, Consumer<AuditEntry> print) {
    try (Stream<AuditEntry> entries = store.audit(0)) {
      entries.filter(entry -> entry.endpoint().equals(endpoint)).forEach(print);
    }
  }
}
