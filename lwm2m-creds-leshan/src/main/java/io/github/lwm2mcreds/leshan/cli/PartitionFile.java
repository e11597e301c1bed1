package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.FlashImageException;
import io.github.lwm2mcreds.partition.PartitionFormatException;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A partition in a file of any format that {@link FlashImage} reads. */
final class PartitionFile {
  private PartitionFile() {}

  /** Returns the 66 bytes, well-formed or not. */
  static byte[] read(Path file, Optional<PartitionLocation> location) throws CommandException {
    byte[] content = InputFile.read(file);
    try {
      return location.isPresent()
          ? FlashImage.decode(content, location.get())
          : FlashImage.decode(content);
    } catch (FlashImageException e) {
      String hint =
          e.reason() == FlashImageException.Reason.LOCATION_NEEDED
              ? " (--board, --dts or --at)"
              : "";
      throw CommandException.refused(InputFile.name(file) + ": " + e.getMessage() + hint, e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Returns the credential of a well-formed partition. */
  static DeviceCredential readCredential(Path file, Optional<PartitionLocation> location)
      throws CommandException {
    byte[] bytes = read(file, location);
    try {
      return CredentialPartition.decode(bytes);
    } catch (PartitionFormatException e) {
      throw CommandException.refused(
          InputFile.name(file) + ": " + e.getMessage() + "; 'inspect' shows more", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Returns the credentials of many partitions; fails if the policy refuses one of their keys.
   *
   * @return the credentials, one per endpoint, for the caller to destroy
   */
  static List<DeviceCredential> readCredentials(
      List<Path> files,
      Optional<PartitionLocation> location,
      KeyPolicyOption policy,
      Streams streams)
      throws CommandException {
    Map<String, DeviceCredential> byEndpoint = new LinkedHashMap<>();
    boolean complete = false;
    try {
      for (Path file : files) {
        DeviceCredential credential = readCredential(file, location);
        DeviceCredential other = byEndpoint.putIfAbsent(credential.endpoint(), credential);
        if (other == null) {
          policy.check(credential, InputFile.name(file), streams);
          continue;
        }
        boolean same = other.equals(credential);
        credential.destroy();
        if (!same) {
          throw CommandException.refused(
              InputFile.name(file)
                  + ": '"
                  + credential.endpoint()
                  + "' is also in another file, with another key");
        }
      }
      complete = true;
      return List.copyOf(byEndpoint.values());
    } finally {
      if (!complete) {
        byEndpoint.values().forEach(DeviceCredential::destroy);
      }
    }
  }
}
