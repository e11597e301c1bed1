// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command that arguments name, found before they are parsed, when required options may still be
 * missing.
 *
 * @param path the words of its name, such as store and list
 * @param end the index of the argument after its name
 * @param line the command
 */
record TypedCommand(List<String> path, int end, CommandLine line) {
  /** Finds the command; an option in front of it may have a value. */
  static TypedCommand find(CommandLine root, String... arguments) {
    List<String> path = new ArrayList<>();
    CommandLine line = root;
    int end = 0;
    for (int i = 0; i < arguments.length && !line.getSubcommands().isEmpty(); i++) {
      if (arguments[i].equals(Settings.CONFIG)) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        CommandLine next = line.getSubcommands().get(arguments[i]);
        if (next == null) {
          break; // unknown, which picocli reports
        }
        path.add(arguments[i]);
        line = next;
        end = i + 1;
      }
    }
    return new TypedCommand(path, end, line);
  }

  boolean has(String option) {
    return spec(option).isPresent();
  }

  private Optional<OptionSpec> spec(String option) {
    return line.getCommandSpec().options().stream()
        .filter(spec -> spec.longestName().equals("--" + option))
        .findFirst();
  }

  /** Returns the longest names of the options that are given, without their dashes. */
  Set<String> given(String... arguments) {
    Set<String> names =
        Stream.of(arguments)
            .takeWhile(argument -> !argument.equals("--"))
            .map(argument -> argument.split("=", 2)[0])
            .collect(Collectors.toSet());
    return line.getCommandSpec().options().stream()
        .filter(spec -> Stream.of(spec.names()).anyMatch(names::contains))
        .map(spec -> spec.longestName().substring(2))
        .collect(Collectors.toSet());
  }
}
