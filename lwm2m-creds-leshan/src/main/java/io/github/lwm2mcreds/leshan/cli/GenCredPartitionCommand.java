// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.FlashImage.Format;
import io.github.lwm2mcreds.partition.PartitionFormatException;
import io.github.lwm2mcreds.partition.PartitionInspection;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "gen-cred-partition",
    headerHeading =
        "Example:%n  lwm2m-creds gen-cred-partition -did sensor-1 --generate-token -o cred.bin%n%n",
    description = "Write a device's credential partition.")
final class GenCredPartitionCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Option(
      names = {"-did", "--device-id"},
      required = true,
      paramLabel = "ID",
      description = "The device's endpoint, 1 to 32 ASCII characters.")
  private String deviceId;

  @Option(
      names = {"-dtok", "--device-token"},
      paramLabel = "HEX|@FILE|-",
      description =
          "The device token, 32 hex digits. @FILE reads it from a file and - from standard input,"
              + " which keeps it out of the process list and the shell's history.")
  private String deviceToken;

  @Option(names = "--generate-token", description = "Generate a random device token.")
  private boolean generateToken;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "File to write, with mode 0600; one that holds something else is refused. The endpoint"
              + " and the key's check value go to standard output then. Default: the partition goes"
              + " to standard output, and these two to standard error.")
  private Path output;

  @Option(
      names = "--image",
      paramLabel = "raw|page|hex",
      defaultValue = "raw",
      description =
          "The 66 bytes, the whole partition padded with 0xFF, or Intel HEX. Default:"
              + " ${DEFAULT-VALUE}.")
  private Format image;

  @Mixin private DeviceStackOption deviceStack;
  @Mixin private FormatOption format;

  @Option(
      names = "--force",
      description =
          "Write the partition even if it would brick or expose the device. Does not replace a"
              + " file.")
  private boolean force;

  @Option(
      names = "--replace",
      description = "Replace a file that holds something else, such as another key.")
  private boolean replace;

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @Override
  public Integer call() throws CommandException {
    PartitionLocation location = location();
    deviceStack.profile();
    byte[] partition = partition();
    locationOptions.explain(streams);
    byte[] bytes = FlashImage.encode(image, partition, location);
    try {
      check(partition);
      write(partition, bytes);
      return ExitCode.DONE;
    } finally {
      Arrays.fill(partition, (byte) 0);
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Writes the image; what is shown of it goes to the stream that does not carry the image. */
  private void write(byte[] partition, byte[] bytes) throws CommandException {
    if (output == null) {
      streams.out().write(bytes, 0, bytes.length);
      streams.err().println(report(partition, "written"));
    } else if (PrivateFile.isDevice(output)) {
      PrivateFile.writeInto(output, bytes);
      streams.err().println(report(partition, "written"));
    } else {
      String outcome = save(bytes);
      streams.out().println(report(partition, outcome));
    }
  }

  /** Writes the file unless it holds something else; returns what became of it. */
  private String save(byte[] bytes) throws CommandException {
    if (!Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      PrivateFile.writeNew(output, bytes, locationOptions.location());
      return "written";
    }
    if (PrivateFile.holds(output, bytes)) {
      PrivateFile.restrict(output);
      return "unchanged";
    }
    if (!replace && !Files.isDirectory(output)) {
      CommandException refusal = PrivateFile.existing(output, locationOptions.location());
      throw CommandException.refused(refusal.getMessage() + " (--replace replaces it)", refusal);
    }
    Optional<String> held = PrivateFile.credential(output, locationOptions.location());
    PrivateFile.replace(output, bytes);
    held.ifPresent(key -> streams.warn(InputFile.name(output) + ": replaced " + key));
    return "replaced";
  }

  /** Returns the endpoint and the check value that the device will have, and what was done. */
  private String report(byte[] partition, String outcome) {
    PartitionInspection inspection = PartitionInspection.of(partition);
    try {
      return format.isJson() ? json(inspection, outcome) : row(inspection, outcome);
    } finally {
      inspection.destroy();
    }
  }

  private String json(PartitionInspection inspection, String outcome) {
    return JsonLine.of(
        JsonLine.object()
            .put("endpoint", inspection.endpoint().orElse(null))
            .put("checkValue", InspectView.findCheckValue(inspection.firmware()).orElse(null))
            .put("file", output == null ? null : output.toString())
            .put("outcome", outcome));
  }

  private String row(PartitionInspection inspection, String outcome) {
    String endpoint = inspection.endpoint().orElse(InspectView.NO_ENDPOINT);
    return StoreRow.padded(endpoint).append(InspectView.checkValue(inspection.firmware()))
        + (output == null || PrivateFile.isDevice(output) ? "" : "  " + outcome);
  }

  private PartitionLocation location() throws CommandException {
    Optional<PartitionLocation> location = locationOptions.location();
    if (location.isEmpty() && image == Format.HEX) {
      throw CommandException.refused(
          "Intel HEX needs the partition's address: give --board, --dts or --address");
    }
    return location.orElse(new PartitionLocation(0, PartitionLocation.DEFAULT_SIZE));
  }

  private byte[] partition() throws CommandException {
    if (generateToken) {
      if (deviceToken != null) {
        throw CommandException.refused("give only one of --device-token and --generate-token");
      }
      return generated();
    }
    byte[] token = token();
    try {
      return CredentialPartition.encodeUnchecked(ascii("device id", deviceId), token);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(mistake(token).orElse(e.getMessage()), e);
    } finally {
      Arrays.fill(token, (byte) 0);
    }
  }

  private byte[] generated() throws CommandException {
    try {
      DeviceCredential credential =
          DeviceCredential.of(deviceId, CredentialGenerator.builder().build().nextKey());
      byte[] partition = CredentialPartition.encode(credential);
      credential.destroy();
      return partition;
    } catch (InvalidCredentialException e) {
      throw CommandException.refused(e.getMessage(), e);
    }
  }

  private byte[] token() throws CommandException {
    if (deviceToken == null) {
      return new byte[0];
    }
    return SecretInput.isReference(deviceToken)
        ? SecretInput.word(deviceToken, streams)
        : ascii("device token", deviceToken);
  }

  /** The original generator fails on non-ASCII text, so --force does not allow it. */
  private static byte[] ascii(String what, String text) throws CommandException {
    if (!text.chars().allMatch(c -> c < 0x80)) {
      throw CommandException.refused("the " + what + " has characters that are not ASCII");
    }
    return text.getBytes(US_ASCII);
  }

  /** Describes what is wrong with a token, as it was typed. */
  private static Optional<String> mistake(byte[] token) {
    return HexDigits.describeMistake(token)
        .map(mistake -> "the device token " + mistake + ": a device token is 32 hex digits");
  }

  private static String describe(PartitionFormatException e, byte[] partition) {
    int start = CredentialPartition.SIZE / 2;
    int end = start;
    while (partition[end] != 0) {
      end++;
    }
    byte[] token = Arrays.copyOfRange(partition, start, end);
    try {
      return switch (e.reason()) {
        case NOT_HEX -> mistake(token).orElse(e.getMessage());
        case NOT_ASCII ->
            e.offset() < start ? e.getMessage() : mistake(token).orElse(e.getMessage());
        case WRONG_TOKEN_LENGTH ->
            "the device token has " + token.length + " hex digits; it needs 32";
        case EMPTY_TOKEN -> "the device token is empty";
        default -> e.getMessage();
      };
    } finally {
      Arrays.fill(token, (byte) 0);
    }
  }

  private void check(byte[] partition) throws CommandException {
    try {
      DeviceCredential credential = CredentialPartition.decode(partition);
      deviceStack.check(credential, force, streams);
      for (KeyWeakness weakness : KeyPolicy.weaknesses(credential.psk())) {
        streams.warn(
            "the key of '"
                + credential.endpoint()
                + "' "
                + weakness.description()
                + "; use --generate-token");
      }
      credential.destroy();
    } catch (PartitionFormatException e) {
      if (!force) {
        throw CommandException.refused(
            describe(e, partition) + hint(e) + "; nothing was written", e);
      }
      streams.warn(describe(e, partition) + "; written because of --force");
    }
  }

  private String hint(PartitionFormatException e) {
    return switch (e.reason()) {
      case EMPTY_TOKEN -> ": give --device-token or --generate-token";
      case EMPTY_ENDPOINT -> ": give a --device-id";
      default -> "";
    };
  }
}
