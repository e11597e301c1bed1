// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyReuse;
import io.github.lwm2mcreds.partition.Board.Placement;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.FlashImageException;
import io.github.lwm2mcreds.partition.PartitionFormatException;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A partition in a file of any format that {@link FlashImage} reads. */
final class PartitionFile {
  private PartitionFile() {}

  /**
   * A partition in a file.
   *
   * @param bytes the 66 bytes, well-formed or not
   * @param placement which firmware reads it there; empty unless the file is a dump of a board's
   *     flash
   */
  record Found(byte[] bytes, Optional<Placement> placement) {}

  /** Returns the 66 bytes, well-formed or not. */
  static byte[] read(Path file, Optional<PartitionLocation> location) throws CommandException {
    return read(file, location, List.of()).get(0).bytes();
  }

  /**
   * Returns the partition at a location, and then those at other locations that the board's
   * partition had once.
   */
  static List<Found> read(
      Path file, Optional<PartitionLocation> location, List<Placement> placements)
      throws CommandException {
    byte[] content = InputFile.read(file);
    try {
      List<Found> found = new ArrayList<>();
      byte[] main =
          location.isPresent()
              ? FlashImage.decode(content, location.get())
              : FlashImage.decode(content);
      if (location.isEmpty() || !FlashImage.covers(content, location.get())) {
        return List.of(new Found(main, Optional.empty()));
      }
      for (Placement placement : placements) {
        if (placement.location().equals(location.get())) {
          found.add(0, new Found(main, Optional.of(placement)));
        } else if (FlashImage.covers(content, placement.location())) {
          byte[] bytes = FlashImage.decode(content, placement.location());
          found.add(new Found(bytes, Optional.of(placement)));
        }
      }
      return found.isEmpty() ? List.of(new Found(main, Optional.empty())) : found;
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
    KeyReuse<Path> keys = new KeyReuse<>();
    boolean complete = false;
    try {
      for (Path file : files) {
        DeviceCredential credential = readCredential(file, location);
        KeyReuse.Clash<Path> clash = keys.add(credential.endpoint(), credential.psk(), file);
        if (byEndpoint.putIfAbsent(credential.endpoint(), credential) == null) {
          policy.check(credential, InputFile.name(file), streams);
          warnOfSharedKey(clash, file, streams);
        } else {
          credential.destroy();
          requireSameKey(clash, file);
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

  private static void requireSameKey(KeyReuse.Clash<Path> clash, Path file)
      throws CommandException {
    if (clash.otherKey().isPresent()) {
      KeyReuse.Earlier<Path> earlier = clash.otherKey().get();
      throw CommandException.refused(
          InputFile.name(file)
              + ": "
              + StoreRow.quoted(earlier.endpoint())
              + " is also in "
              + InputFile.name(earlier.place())
              + ", with another key, whose check value is "
              + earlier.checkValue()
              + "; find out which one the device has");
    }
  }

  private static void warnOfSharedKey(KeyReuse.Clash<Path> clash, Path file, Streams streams) {
    clash
        .sameKey()
        .ifPresent(
            earlier ->
                streams.warn(
                    InputFile.name(file)
                        + ": the key is also that of "
                        + StoreRow.quoted(earlier.endpoint())
                        + " in "
                        + InputFile.name(earlier.place())
                        + "; each device needs a key of its own"));
  }
}
