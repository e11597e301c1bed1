package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which keys a command lets into a store. */
final class KeyPolicyOption {
  @Option(
      names = "--allow-weak-keys",
      description =
          "Take keys that do not protect a device, such as the firmware's built-in one. Unsafe.")
  private boolean allowWeakKeys;

  KeyPolicy policy() {
    return allowWeakKeys ? KeyPolicy.allowingAnyKey() : KeyPolicy.strict();
  }

  /** Refuses a weak key, or says loudly that it is taken. */
  void check(DeviceCredential credential, String where, Streams streams) throws CommandException {
    Set<KeyWeakness> weaknesses = KeyPolicy.weaknesses(credential.psk());
    if (weaknesses.isEmpty()) {
      return;
    }
    String what =
        where + ": the key of '" + credential.endpoint() + "' " + KeyWeakness.describe(weaknesses);
    if (!allowWeakKeys) {
      throw CommandException.refused(what + "; give the device another, or --allow-weak-keys");
    }
    streams.warn(what + ": anyone may be able to take the device's place");
  }
}
