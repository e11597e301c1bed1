// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A properties file with the values of options that are not given.
 *
 * @param path where it is
 * @param values by their keys, see {@link ConfigKeys}
 */
record ConfigFile(Path path, Map<String, String> values) {
  /** The folder below the one where programs keep their configuration. */
  private static final Path NAME = Path.of("lwm2m-creds", "config.properties");

  /** Returns the user's own file, as the XDG base directory specification places it. */
  static Optional<Path> ofUser(Map<String, String> environment, String home) {
    String folder = environment.getOrDefault("XDG_CONFIG_HOME", "");
    String own = environment.getOrDefault("HOME", "");
    Path base =
        folder.startsWith("/")
            ? Path.of(folder)
            : Path.of(own.startsWith("/") ? own : home, ".config");
    return Optional.of(base.resolve(NAME)).filter(Files::exists);
  }

  static ConfigFile read(Path path) throws CommandException {
    Map<String, String> values = parse(path, Guarded.requireUnchangedByOthers(path));
    for (Map.Entry<String, String> entry : values.entrySet()) {
      check(path, entry);
    }
    return new ConfigFile(path, values);
  }

  private static void check(Path path, Map.Entry<String, String> entry) throws CommandException {
    try {
      ConfigKeys.check(entry.getKey(), entry.getValue());
    } catch (CommandException e) {
      throw refused(path, e.getMessage(), e);
    }
  }

  private static Map<String, String> parse(Path path, Path real) throws CommandException {
    Once lines = new Once();
    try (Reader reader =
        new InputStreamReader(
            new ByteArrayInputStream(InputFile.read(real)), StandardCharsets.UTF_8.newDecoder())) {
      lines.load(reader);
    } catch (IllegalArgumentException e) { // also of a broken escape sequence
      throw refused(path, "sets a key twice, or is not a properties file", e);
    } catch (IOException e) {
      throw refused(path, "is not UTF-8 text", e);
    }
    Map<String, String> values = new TreeMap<>();
    lines.forEach((key, value) -> values.put((String) key, ((String) value).strip()));
    return values;
  }

  /** Properties that are set once; of two lines, neither may win unseen. */
  private static final class Once extends Properties {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Object put(Object key, Object value) {
      Object earlier = super.put(key, value);
      if (earlier != null) {
        throw new IllegalArgumentException("a key is set twice");
      }
      return null;
    }
  }

  private static CommandException refused(Path path, String what, Throwable cause) {
    return CommandException.refused(InputFile.name(path) + ": " + what, cause);
  }

  /** Refuses a key that begins with a command and names an option that it does not have. */
  void requireOptionsOf(TypedCommand command) throws CommandException {
    String prefix = String.join(".", command.path()) + ".";
    for (String key : values.keySet()) {
      String option = key.startsWith(prefix) ? key.substring(prefix.length()) : ".";
      if (command.line().getSubcommands().isEmpty()
          && option.indexOf('.') < 0
          && !command.has(option)) {
        throw refused(
            path,
            "'" + key + "': " + String.join(" ", command.path()) + " has no --" + option,
            null);
      }
    }
  }

  /** Returns an option's value for a command, from the most specific of its keys. */
  Optional<String> find(List<String> command, String option) {
    return ConfigKeys.of(command, option).stream()
        .filter(values::containsKey)
        .map(values::get)
        .findFirst();
  }
}
