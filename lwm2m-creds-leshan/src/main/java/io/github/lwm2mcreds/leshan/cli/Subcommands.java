// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The subcommands that a run needs. A command that is typed first is the only one: to read the
 * options of all of them takes longer than most commands run, and loads Leshan, which few use.
 */
final class Subcommands {
  /** The commands that have subcommands of their own. */
  private static final Map<Class<?>, List<Class<?>>> BELOW =
      Map.of(
          StoreCommand.class, StoreCommand.COMMANDS,
          ManifestCommand.class, ManifestCommand.COMMANDS,
          AccessCommand.class, AccessCommand.COMMANDS);

  private Subcommands() {}

  /**
   * Adds the subcommand that is typed, or else all of them, which help and suggestions name.
   *
   * @param typed the arguments after the command's own name
   */
  static void add(CommandLine command, List<Class<?>> all, List<String> typed) {
    Optional<Class<?>> named = named(all, typed);
    for (Class<?> type : named.map(List::<Class<?>>of).orElse(all)) {
      CommandLine subcommand = new CommandLine(type, command.getFactory());
      if (BELOW.containsKey(type)) {
        List<String> rest = named.isPresent() ? typed.subList(1, typed.size()) : List.of();
        add(subcommand, BELOW.get(type), rest);
      }
      command.addSubcommand(subcommand);
    }
  }

  /** Adds the options for help, after the ones that all commands have. */
  static void addHelp(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true);
    command.getSubcommands().values().forEach(Subcommands::addHelp);
  }

  private static Optional<Class<?>> named(List<Class<?>> all, List<String> typed) {
    return all.stream()
        .filter(type -> !typed.isEmpty() && name(type).equals(typed.get(0)))
        .findFirst();
  }

  private static String name(Class<?> type) {
    return type.getAnnotation(Command.class).name();
  }
}
