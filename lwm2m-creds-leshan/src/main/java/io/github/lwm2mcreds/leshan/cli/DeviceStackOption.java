// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.InvalidCredentialException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The DTLS stack of the devices that a command makes credentials for. */
final class DeviceStackOption {
  @Option(
      names = "--device-stack",
      paramLabel = "NAME",
      description =
          "Refuse what devices with this DTLS stack do not take, such as mbedtls-3, tinydtls,"
              + " openssl or zephyr:64. An unknown name lists all.")
  private String name;

  /** Returns what the devices take, if that is given. */
  Optional<DeviceProfile> profile() throws CommandException {
    try {
      return Optional.ofNullable(name).map(DeviceProfile::named);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused("--device-stack: " + e.getMessage(), e);
    }
  }

  /** Refuses a credential that a device does not take. */
  void check(DeviceCredential credential) throws CommandException {
    Optional<DeviceProfile> profile = profile();
    try {
      profile.ifPresent(stack -> stack.check(credential));
    } catch (InvalidCredentialException e) {
      throw CommandException.refused(
          StoreRow.quoted(credential.endpoint()) + " does not fit: " + e.getMessage(), e);
    }
  }

  /** Refuses a credential that a device does not take, or warns that it is written all the same. */
  void check(DeviceCredential credential, boolean force, Streams streams) throws CommandException {
    try {
      check(credential);
    } catch (CommandException e) {
      if (!force) {
        throw CommandException.refused(e.getMessage() + "; nothing was written", e);
      }
      streams.warn(e.getMessage() + "; written because of --force");
    }
  }
}
