package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.Rotation;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rotate",
    description = {
      "Give an endpoint its next credential, besides the one it has: both are good until the"
          + " deadline, or until the device was seen with the next.",
      "The next has a PSK identity of its own. Devices with dm-lwm2m firmware have none but their"
          + " endpoint: flash them, and 'store add --replace'."
    },
    mixinStandardHelpOptions = true)
final class StoreRotateCommand implements Callable<Integer> {
  private static final Pattern DEADLINE = Pattern.compile("([1-9][0-9]{0,4})([dhm])");
  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.([1-9][0-9]{0,8})");

  private final Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Option(
      names = "--identity",
      paramLabel = "ID",
      description =
          "The next PSK identity. If not given, the present one with .2 behind, or with the number"
              + " there raised.")
  private String identity;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "7d",
      description =
          "How long the present credential stays good, in days, hours or minutes, such as 7d, 12h"
              + " or 30m. Default: ${DEFAULT-VALUE}.")
  private String deadline;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "The file to write the next credential to, with its key, as a JSON object with mode 0600;"
              + " it must not be there. 'show --reveal' shows the key, too.")
  private Path output;

  @Option(
      names = "--replace",
      description = "Put this one in the place of a next credential that is not in use yet.")
  private boolean replace;

  @Mixin private NewKeyOption newKey;
  @Mixin private KeyPolicyOption keyPolicy;
  @Mixin private StoreOption storeOption;

  StoreRotateCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    Instant until = until();
    try (JdbcCredentialStore store = storeOption.open(keyPolicy.policy(), streams)) {
      DeviceCredential next = next(present(store));
      refuseSecond(store);
      refuseSameKey(store, next);
      try {
        keyPolicy.check(next, "--key", streams);
        if (output == null) {
          store.rotate(next, until);
        } else {
          NewKeyFile.write(output, CredentialJson.of(next), () -> store.rotate(next, until));
        }
        streams.out().println(StoreRow.of(next, "good besides the present one until " + until));
        return ExitCode.DONE;
      } finally {
        next.destroy();
      }
    }
  }

  private void refuseSameKey(JdbcCredentialStore store, DeviceCredential next)
      throws CommandException {
    Optional<DeviceCredential> present = store.findByEndpoint(endpoint);
    boolean same = present.filter(credential -> credential.psk().equals(next.psk())).isPresent();
    present.ifPresent(DeviceCredential::destroy);
    if (same) {
      throw CommandException.refused("--key is the key that the device has already");
    }
  }

  /** A next credential may be on its way to the device already. */
  private void refuseSecond(JdbcCredentialStore store) throws CommandException {
    try (Stream<Rotation> rotations = store.rotations()) {
      if (!replace && rotations.anyMatch(rotation -> rotation.endpoint().equals(endpoint))) {
        throw CommandException.refused(
            StoreRow.quoted(endpoint) + " rotates already; --replace gives it another next one");
      }
    }
  }

  private Instant until() throws CommandException {
    Matcher time = DEADLINE.matcher(deadline);
    if (!time.matches()) {
      throw CommandException.refused("--deadline is a time such as 7d, 12h or 30m");
    }
    ChronoUnit unit =
        switch (time.group(2)) {
          case "d" -> ChronoUnit.DAYS;
          case "h" -> ChronoUnit.HOURS;
          default -> ChronoUnit.MINUTES;
        };
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Long.parseLong(time.group(1)), unit);
  }

  private PskIdentity present(JdbcCredentialStore store) throws CommandException {
    DeviceCredential present =
        store
            .findByEndpoint(endpoint)
            .orElseThrow(
                () ->
                    CommandException.refused(
                        StoreRow.quoted(endpoint)
                            + " has no credential to rotate from: 'store add' gives it one"));
    present.destroy();
    return present.pskIdentity();
  }

  private DeviceCredential next(PskIdentity present) throws CommandException {
    PskIdentity next = PskIdentity.of(identity == null ? numbered(present) : identity);
    if (next.equals(present)) {
      throw CommandException.refused(
          "the next credential needs another PSK identity than the present one, "
              + StoreRow.quoted(present));
    }
    return DeviceCredential.of(endpoint, next, newKey.key(streams));
  }

  /** An endpoint that ends in a number is not taken for an identity that was numbered here. */
  private String numbered(PskIdentity present) {
    String text = present.asString();
    Matcher number = NUMBERED.matcher(text);
    return !text.equals(endpoint) && number.matches()
        ? number.group(1) + "." + (Long.parseLong(number.group(2)) + 1)
        : text + ".2";
  }
}
