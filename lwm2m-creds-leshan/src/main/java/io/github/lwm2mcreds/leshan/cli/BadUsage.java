// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Describes what is wrong with the arguments of a command. Repeats no value: it may be a token
 * whose option was mistyped.
 */
final class BadUsage {
  private static final Pattern LONG_OPTION = Pattern.compile("--[a-z]+(?:-[a-z]+)*(?==|$)");

  private BadUsage() {}

  static String describe(ParameterException e, String[] arguments) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    ArgSpec argument = e.getArgSpec();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(command, unmatched.getUnmatched());
    }
    if (e instanceof MissingParameterException missing) {
      List<String> unknown = e.getCommandLine().getUnmatchedArguments();
      if (unknown.stream().flatMap(BadUsage::optionName).findAny().isPresent()) {
        return unmatched(command, unknown); // a required option that was mistyped, most often
      }
      return "missing: " + usage(missing(missing.getMissing()));
    }
    if (e instanceof MaxValuesExceededException) { // of a group of options
      return "given twice: " + usage(repeated(command, arguments));
    }
    if (e instanceof OverwrittenOptionException overwritten) {
      return "given twice: " + usage(overwritten.getOverwritten());
    }
    if (argument != null) {
      return "bad value for "
          + usage(argument)
          + (takesNone(argument) ? ", which takes none" : otherOption(command, e.getValue()));
    }
    return command.subcommands().isEmpty() ? "bad usage" : "no command given";
  }

  /** Names the option that takes a word which was given to another. */
  private static String otherOption(CommandSpec command, String value) {
    return command.options().stream()
        .filter(option -> option.type().isEnum())
        .filter(
            option ->
                Stream.of(option.type().getEnumConstants())
                    .anyMatch(constant -> constant.toString().equalsIgnoreCase(value)))
        .map(option -> "; did you mean " + usage(option) + "?")
        .findFirst()
        .orElse("");
  }

  private static String unmatched(CommandSpec command, List<String> arguments) {
    if (!command.subcommands().isEmpty() && !arguments.get(0).startsWith("-")) {
      return "unknown command" + Neighbours.ofCommand(command, arguments.get(0));
    }
    return arguments.stream()
        .flatMap(BadUsage::optionName)
        .map(name -> "unknown option " + name + Neighbours.ofOption(command, name))
        .reduce((one, other) -> one + ", " + other)
        .orElse("too many arguments");
  }

  /** Returns the name of a long option without its value. */
  private static Stream<String> optionName(String argument) {
    Matcher name = LONG_OPTION.matcher(argument);
    return name.lookingAt() ? Stream.of(name.group()) : Stream.empty();
  }

  /** Leaves out the optional options of a group that is missing; an option may miss its value. */
  private static Stream<ArgSpec> missing(List<ArgSpec> arguments) {
    List<ArgSpec> required = arguments.stream().filter(ArgSpec::required).toList();
    return (required.isEmpty() ? arguments : required).stream();
  }

  private static Stream<OptionSpec> repeated(CommandSpec command, String[] arguments) {
    List<String> names = Stream.of(arguments).map(argument -> argument.split("=", 2)[0]).toList();
    return command.options().stream()
        .filter(option -> names.stream().filter(List.of(option.names())::contains).count() > 1);
  }

  private static String usage(Stream<? extends ArgSpec> arguments) {
    return arguments.map(BadUsage::usage).collect(Collectors.joining(", "));
  }

  /** Returns how an option or parameter is written, without the value that was given for it. */
  private static String usage(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
    return option.longestName() + (takesNone(option) ? "" : " " + option.paramLabel());
  }

  private static boolean takesNone(ArgSpec argument) {
    return argument.arity().max() == 0;
  }
}
