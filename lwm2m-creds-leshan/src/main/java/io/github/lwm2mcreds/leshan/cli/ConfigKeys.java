// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys of a configuration file: options that are typed again and again. What unlocks a danger
 * is typed each time, and so is what one run is about, such as a device's key.
 */
final class ConfigKeys {
  /** The options, by their longest names; {@code serve.host} is the one of a command. */
  static final List<String> OPTIONS =
      List.of(
          "store",
          "wrapping-key",
          "store-passphrase",
          "store-keystore",
          "wrapping-key-alias",
          "host",
          "coaps-port",
          "refuse-newcomers-after",
          "forward-secret",
          "sessions",
          "sessions-every",
          "node",
          "cluster",
          "cluster-key",
          "metrics",
          "provisioning-port",
          "provisioning-host",
          "provisioning-access",
          "provisioning-certificate",
          "provisioning-passphrase",
          "provisioning-client-ca",
          "provisioning-rate",
          "server",
          "ca",
          "header",
          "pin",
          "bearer-token",
          "client-key",
          "client-cert",
          "client-passphrase",
          "timeout",
          "board",
          "dts",
          "address",
          "size",
          "image",
          "label-sheet",
          "device-stack",
          "deadline",
          "format");

  /** Lines of the help. */
  static final String[] HELP = {
    "A properties file may set options that are typed again and again, for all commands or for"
        + " one:",
    "  store=sqlite:/srv/lwm2m/fleet.db",
    "  serve.host=0.0.0.0",
    "  store.audit.format=csv",
    "The keys are " + String.join(", ", OPTIONS) + ".",
    "An option that is given goes before the environment (CREDS_STORE, CREDS_STORE_KEY), that"
        + " before the file of --config, and that before the user's own:"
        + " ~/.config/lwm2m-creds/config.properties, or below $XDG_CONFIG_HOME. A file that others"
        + " may change is refused, and so is a secret in it; secrets are named as @FILE."
  };

  /** The commands that keys may begin with. */
  static final List<String> COMMANDS =
      List.of(
          "gen-cred-partition",
          "generate",
          "verify",
          "inspect",
          "provision",
          "sync",
          "serve",
          "device",
          "doctor",
          "demo",
          "store",
          "store.init",
          "store.add",
          "store.import",
          "store.export",
          "store.list",
          "store.show",
          "store.remove",
          "store.revoke",
          "store.rotate",
          "store.audit",
          "store.reseal",
          "store.check",
          "manifest",
          "manifest.inspect",
          "manifest.verify",
          "manifest.seal",
          "manifest.open",
          "manifest.receipt",
          "manifest.labels",
          "access",
          "access.add",
          "access.list",
          "access.remove");

  private static final Set<String> SECRETS =
      Set.of("device-token", "token", "key", "psk", "passphrase", "password", "pgpassword");

  /** Secrets that a file may name, as {@code @FILE}. */
  private static final Set<String> REFERENCES =
      Set.of("store-passphrase", "provisioning-passphrase", "client-passphrase", "bearer-token");

  /** A line that is no key may be a secret that was pasted there, which is not repeated. */
  private static final Pattern NAME = Pattern.compile("[a-z.-]{1,60}");

  private ConfigKeys() {}

  /** Refuses a key that no command reads, and a secret in clear. */
  static void check(String key, String value) throws CommandException {
    String option = key.substring(key.lastIndexOf('.') + 1);
    if (SECRETS.contains(option)) {
      throw CommandException.refused(
          "'"
              + key
              + "' would be a secret in clear, which this file must not hold: give it with the"
              + " command, as @FILE");
    }
    String command = key.substring(0, Math.max(0, key.lastIndexOf('.')));
    if (!OPTIONS.contains(option) || !command.isEmpty() && !COMMANDS.contains(command)) {
      throw CommandException.refused(unknown(key));
    }
    if (REFERENCES.contains(option) && !value.startsWith("@")) {
      throw CommandException.refused(
          "'" + key + "' must be @FILE: this file must not hold a secret in clear");
    }
    if (option.equals("header") && !value.contains(":@")) {
      throw CommandException.refused(
          "'" + key + "' must be NAME:@FILE: this file must not hold a secret in clear");
    }
  }

  private static String unknown(String key) {
    if (!NAME.matcher(key).matches()) {
      return "a line does not begin with a known key; the keys are " + String.join(", ", OPTIONS);
    }
    String guess = Neighbours.of(key, everyKey());
    return "unknown key '"
        + key
        + "'"
        + (guess.isEmpty() ? "; the keys are " + String.join(", ", OPTIONS) : guess);
  }

  private static Stream<String> everyKey() {
    return Stream.concat(
        OPTIONS.stream(),
        COMMANDS.stream().flatMap(c -> OPTIONS.stream().map(option -> c + "." + option)));
  }

  /** Returns the keys of an option from that of the command itself to that of all commands. */
  static List<String> of(List<String> command, String option) {
    return Stream.iterate(command.size(), n -> n >= 0, n -> n - 1)
        .map(n -> Stream.concat(command.subList(0, n).stream(), Stream.of(option)))
        .map(words -> words.collect(Collectors.joining(".")))
        .toList();
  }
}
