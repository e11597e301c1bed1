// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    headerHeading = "Example:%n  lwm2m-creds store list --store sqlite:fleet.db%n%n",
    description = "List a store's credentials with their check values, or its revocations.")
final class StoreListCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Option(names = "--revoked", description = "List the revocations.")
  private boolean revoked;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      if (revoked) {
        listRevoked(store);
      } else {
        list(store);
      }
      return ExitCode.DONE;
    }
  }

  /** Reads credentials and rotations side by side, since both are in the order of endpoints. */
  private void list(JdbcCredentialStore store) {
    try (Stream<CredentialSummary> credentials = store.stream();
        Stream<Rotation> rotations = store.rotations()) {
      Iterator<Rotation> unread = rotations.iterator();
      Rotation rotation = next(unread);
      Iterator<CredentialSummary> all = credentials.iterator();
      while (!streams.out().checkError() && all.hasNext()) {
        CredentialSummary credential = all.next();
        while (rotation != null && compare(rotation.endpoint(), credential.endpoint()) < 0) {
          rotation = next(unread);
        }
        boolean isRotating = rotation != null && rotation.endpoint().equals(credential.endpoint());
        print(credential, isRotating ? rotation : null);
      }
    }
  }

  private static Rotation next(Iterator<Rotation> rotations) {
    return rotations.hasNext() ? rotations.next() : null;
  }

  private static int compare(String endpoint, String other) {
    return Arrays.compareUnsigned(
        endpoint.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private void print(CredentialSummary credential, Rotation rotation) {
    String state = rotation == null ? "" : StoreRow.of(rotation);
    streams
        .out()
        .println(
            format.isJson()
                ? JsonLine.of(ReportJson.addRotation(ReportJson.of(credential), rotation))
                : StoreRow.of(credential, state));
  }

  private void listRevoked(JdbcCredentialStore store) {
    try (Stream<Revocation> revocations = store.revocations()) {
      Iterator<Revocation> all = revocations.iterator();
      while (!streams.out().checkError() && all.hasNext()) {
        Revocation revocation = all.next();
        streams
            .out()
            .println(format.isJson() ? JsonLine.of(ReportJson.of(revocation)) : row(revocation));
      }
    }
  }

  private static String row(Revocation revocation) {
    String note = LookAlike.note(revocation.endpoint());
    return StoreRow.padded(revocation.endpoint())
        .append(revocation.time())
        .append(
            revocation
                .pskIdentity()
                .map(identity -> "  identity " + StoreRow.quoted(identity))
                .orElse(""))
        .append(revocation.reason().isEmpty() ? "" : "  ")
        .append(Printable.escape(revocation.reason()))
        .append(note.isEmpty() ? "" : "  " + note)
        .toString();
  }
}
