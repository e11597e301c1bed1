// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What a mistyped command or option may stand for, as the end of a message. */
final class Neighbours {
  private Neighbours() {}

  /** Looks below the subcommands too: {@code list} is one of {@code store}. */
  static String ofCommand(CommandSpec command, String typed) {
    Map<String, CommandLine> own = command.subcommands();
    Map<String, String> paths = new TreeMap<>();
    own.forEach(
        (name, line) ->
            line.getSubcommands().keySet().forEach(n -> paths.putIfAbsent(n, name + " " + n)));
    own.keySet().forEach(name -> paths.put(name, name));
    String guess = guess(typed, paths.keySet().stream(), paths);
    return guess.isEmpty() ? "; the commands are " + String.join(", ", own.keySet()) : guess;
  }

  static String ofOption(CommandSpec command, String typed) {
    return guess(
        typed,
        command.options().stream().flatMap(option -> Stream.of(option.names())).sorted(),
        Map.of());
  }

  static String of(String typed, Stream<String> names) {
    return guess(typed, names, Map.of());
  }

  private static String guess(String typed, Stream<String> names, Map<String, String> paths) {
    SimilarNames similar = new SimilarNames(typed);
    names.forEach(similar::offer);
    List<String> nearest = similar.nearest();
    return nearest.isEmpty()
        ? ""
        : "; did you mean "
            + nearest.stream()
                .map(name -> paths.getOrDefault(name, name))
                .collect(Collectors.joining(" or "))
            + "?";
  }
}
