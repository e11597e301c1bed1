// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The arguments of a run with the options that come from configuration files, as if they were
 * typed. Options go before the environment, that goes before the file of {@code --config}, and that
 * before the user's own.
 *
 * @param all the arguments
 * @param origins the file of each option that comes from one
 */
record Settings(List<String> all, Map<String, Path> origins) {
  static final String CONFIG = "--config";

  private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");

  private static final List<String> KEY =
      List.of("wrapping-key", "store-passphrase", "store-keystore", "wrapping-key-alias");
  private static final List<String> LOCATION = List.of("board", "dts", "address", "size");

  /** What verify compares with: one of them. */
  private static final List<String> FLEET = List.of("manifest", "server", "store");

  /**
   * Adds what files set to the arguments of a run.
   *
   * @param root the commands
   * @param ofUser the user's own file, if there is one
   * @param environment its variables go before the files
   */
  static Settings of(
      CommandLine root, Optional<Path> ofUser, Map<String, String> environment, String... typed)
      throws CommandException {
    List<ConfigFile> files = new ArrayList<>();
    if (Stream.of(typed).noneMatch(HELP::contains)) {
      Optional<String> given = valueOf(CONFIG, typed);
      if (given.isPresent()) {
        files.add(ConfigFile.read(InputFile.path(given.get())));
      }
      if (ofUser.isPresent()) {
        files.add(ConfigFile.read(ofUser.get()));
      }
    }
    Settings asTyped = new Settings(List.of(typed), Map.of());
    return files.isEmpty()
        ? asTyped
        : asTyped.with(files, environment, TypedCommand.find(root, typed));
  }

  /** Returns the value of an option that is given in either of the two forms. */
  private static Optional<String> valueOf(String option, String... typed) {
    for (int i = 0; i < typed.length && !typed[i].equals("--"); i++) {
      if (typed[i].startsWith(option + "=")) {
        return Optional.of(typed[i].substring(option.length() + 1));
      }
      if (typed[i].equals(option) && i + 1 < typed.length) {
        return Optional.of(typed[i + 1]);
      }
    }
    return Optional.empty();
  }

  private Settings with(
      List<ConfigFile> files, Map<String, String> environment, TypedCommand command)
      throws CommandException {
    for (ConfigFile file : files) {
      file.requireOptionsOf(command);
    }
    Set<String> given = command.given(arguments());
    List<String> added = new ArrayList<>();
    Map<String, Path> from = new LinkedHashMap<>();
    for (String option : ConfigKeys.OPTIONS) {
      if (!command.has(option)
          || isSilenced(option, given, environment)
          || isOtherFleet(option, given, command)) {
        continue;
      }
      for (ConfigFile file : files) {
        Optional<String> value = file.find(command.path(), option);
        if (value.isPresent()) {
          added.add("--" + option + "=" + value.get());
          from.put("--" + option, file.path());
          break;
        }
      }
    }
    List<String> extended = new ArrayList<>(all);
    extended.addAll(command.end(), added);
    return new Settings(List.copyOf(extended), from);
  }

  /** Returns whether an option is given in another way, or is excluded by what is given. */
  private static boolean isSilenced(
      String option, Set<String> given, Map<String, String> environment) {
    boolean isOfStore = option.equals("store") || KEY.contains(option);
    return given.contains(option)
        || KEY.contains(option) && given.stream().anyMatch(KEY::contains)
        || LOCATION.contains(option) && given.stream().anyMatch(LOCATION::contains)
        || (isOfStore || option.equals("refuse-newcomers-after")) && given.contains("partition")
        || option.equals("store") && isSet(StoreOptions.STORE_VARIABLE, environment)
        || KEY.contains(option) && isSet(StoreOptions.KEY_VARIABLE, environment);
  }

  private static boolean isOtherFleet(String option, Set<String> given, TypedCommand command) {
    return command.path().equals(List.of("verify"))
        && FLEET.contains(option)
        && given.stream().anyMatch(FLEET::contains);
  }

  private static boolean isSet(String variable, Map<String, String> environment) {
    return !environment.getOrDefault(variable, "").isEmpty();
  }

  String[] arguments() {
    return all.toArray(String[]::new);
  }

  /** Adds to a message where the options that it names come from. */
  String explain(String message) {
    String from =
        origins.entrySet().stream()
            .filter(origin -> names(message, origin.getKey()))
            .map(origin -> origin.getKey() + " is from " + InputFile.name(origin.getValue()))
            .collect(Collectors.joining(", "));
    return from.isEmpty() ? message : message + " (" + from + ")";
  }

  private static boolean names(String message, String option) {
    return Pattern.compile(option + "(?![a-z-])").matcher(message).find();
  }
}
