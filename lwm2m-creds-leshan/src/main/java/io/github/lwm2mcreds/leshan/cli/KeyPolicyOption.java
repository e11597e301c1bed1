// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import java.util.Set;
import picocli.CommandLine.Option;

/** The keys that a command accepts. */
final class KeyPolicyOption {
  @Option(
      names = "--allow-weak-keys",
      description =
          "Accept keys that do not protect a device, such as the firmware's built-in one. Unsafe.")
  private boolean allowWeakKeys;

  KeyPolicy policy() {
    return allowWeakKeys ? KeyPolicy.allowingAnyKey() : KeyPolicy.strict();
  }

  /** Refuses a weak key, or warns that it is accepted. */
  void check(DeviceCredential credential, String where, Streams streams) throws CommandException {
    Set<KeyWeakness> weaknesses = KeyPolicy.weaknesses(credential.psk());
    if (weaknesses.isEmpty()) {
      return;
    }
    String what =
        where + ": the key of '" + credential.endpoint() + "' " + KeyWeakness.describe(weaknesses);
    if (!allowWeakKeys) {
      throw CommandException.refused(
          what + "; give the device another key, or use --allow-weak-keys");
    }
    streams.warn(what + ": others may be able to impersonate the device");
  }
}
