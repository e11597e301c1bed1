// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rotate",
    headerHeading =
        "Example:%n  lwm2m-creds store rotate sensor-1 -o next.json --store"
            + " sqlite:fleet.db%n%n",
    description = {
      "Give an endpoint its next credential; the current one stays valid until the deadline, or"
          + " until the device uses the next one.",
      "The next one has its own PSK identity. Devices with dm-lwm2m firmware always use their"
          + " endpoint: flash them, and use 'store add --replace'."
    })
final class StoreRotateCommand implements Callable<Integer> {
  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.([1-9][0-9]{0,8})");

  @Mixin private Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Option(
      names = "--identity",
      paramLabel = "ID",
      description =
          "PSK identity of the next credential. Default: the current one with .2 added, or with its"
              + " number raised by one.")
  private String identity;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "7d",
      description =
          "How long the current credential stays valid, in days, hours or minutes, such as 7d, 12h"
              + " or 30m. Default: ${DEFAULT-VALUE}.")
  private String deadline;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "New file to write the next credential to, with its key, as a JSON object with mode 0600."
              + " 'show --reveal' shows the key, too.")
  private Path output;

  @Option(names = "--replace", description = "Replace a next credential that is not in use yet.")
  private boolean replace;

  @Mixin private NewKeyOption newKey;
  @Mixin private DeviceStackOption deviceStack;
  @Mixin private KeyPolicyOption keyPolicy;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    Instant until = until();
    deviceStack.profile();
    try (JdbcCredentialStore store = storeOptions.open(keyPolicy.policy(), streams)) {
      DeviceCredential next = next(current(store));
      refuseSecond(store);
      refuseSameKey(store, next);
      try {
        deviceStack.check(next);
        keyPolicy.check(next, "--key", streams);
        if (output == null) {
          store.rotate(next, until);
        } else {
          NewKeyFile.write(output, CredentialJson.of(next), () -> store.rotate(next, until));
        }
        streams.out().println(report(next, until));
        return ExitCode.DONE;
      } finally {
        next.destroy();
      }
    }
  }

  private String report(DeviceCredential next, Instant until) {
    return format.isJson()
        ? JsonLine.of(ReportJson.of(next, "rotating").put("deadline", until.toString()))
        : StoreRow.of(next, "valid beside the current one until " + until);
  }

  private void refuseSameKey(JdbcCredentialStore store, DeviceCredential next)
      throws CommandException {
    Optional<DeviceCredential> current = StoredCredential.open(store, endpoint);
    boolean same = current.filter(credential -> credential.psk().equals(next.psk())).isPresent();
    current.ifPresent(DeviceCredential::destroy);
    if (same) {
      throw CommandException.refused("--key is the device's current key");
    }
  }

  /** Refuses to replace a next credential that may be on its way to the device. */
  private void refuseSecond(JdbcCredentialStore store) throws CommandException {
    if (!replace && store.findRotation(endpoint).isPresent()) {
      throw CommandException.refused(
          StoreRow.quoted(endpoint)
              + " is already rotating; --replace replaces its next credential");
    }
  }

  private Instant until() throws CommandException {
    return Instant.now()
        .truncatedTo(ChronoUnit.SECONDS)
        .plus(TimeSpan.parse("--deadline", deadline));
  }

  private PskIdentity current(JdbcCredentialStore store) throws CommandException {
    Optional<PskIdentity> found = store.findPskIdentity(endpoint);
    if (found.isEmpty()) {
      String guess = EndpointNeighbours.of(store, endpoint);
      throw CommandException.refused(
          StoreRow.quoted(endpoint)
              + " has no credential to rotate"
              + (guess.isEmpty() ? "; 'store add' adds one" : guess));
    }
    return found.get();
  }

  private DeviceCredential next(PskIdentity current) throws CommandException {
    PskIdentity next = PskIdentity.of(identity == null ? numbered(current) : identity);
    if (next.equals(current)) {
      throw CommandException.refused(
          "the next credential needs a PSK identity other than the current one, "
              + StoreRow.quoted(current));
    }
    return DeviceCredential.of(endpoint, next, newKey.key(streams));
  }

  /** Raises only a number that was added here, not one that ends the endpoint. */
  private String numbered(PskIdentity current) {
    String text = current.asString();
    Matcher number = NUMBERED.matcher(text);
    return !text.equals(endpoint) && number.matches()
        ? number.group(1) + "." + (Long.parseLong(number.group(2)) + 1)
        : text + ".2";
  }
}
