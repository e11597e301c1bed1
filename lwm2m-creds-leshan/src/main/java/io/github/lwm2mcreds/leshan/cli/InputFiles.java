// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;

/**
 * The files that arguments name: files, folders, patterns that the shell has left alone, and lists
 * of files. The names are in memory, and the files are not, so there may be very many.
 */
final class InputFiles {
  /** How arguments may name files, as a sentence of a parameter's description. */
  static final String HELP =
      " Also a folder, a quoted pattern such as 'lots/*.hex', or @LIST: a file with one path a"
          + " line, @- for standard input.";

  private static final String LIST = "@";

  /**
   * Takes an argument as it is typed: a pattern is not a path on every system. A parameter of the
   * type {@link Path} with this converter is completed by shells as files are.
   */
  static final class AsTyped implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      return value;
    }
  }

  private InputFiles() {}

  /**
   * Returns the files that arguments name, each once: in the order of the arguments and of a list's
   * lines, and those of a folder or pattern in the order of their names.
   *
   * @return files that may be missing where an argument names one; never empty if there is an
   *     argument
   */
  static List<Path> of(Collection<String> arguments, Streams streams) throws CommandException {
    Set<Path> files = new LinkedHashSet<>();
    for (String argument : arguments) {
      files.addAll(named(argument, streams));
    }
    return List.copyOf(files);
  }

  private static List<Path> named(String argument, Streams streams) throws CommandException {
    if (argument.startsWith(LIST)) {
      return FileList.read(argument.substring(LIST.length()), streams);
    }
    Path path = InputFile.path(argument);
    if (Files.isDirectory(path)) {
      return inFolder(path);
    }
    return FilePattern.isPattern(argument) && !Files.exists(path)
        ? FilePattern.of(argument).files()
        : List.of(path);
  }

  private static List<Path> inFolder(Path folder) throws CommandException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(file -> !isHidden(file)).filter(Files::isRegularFile).sorted().forEach(files::add);
    } catch (IOException e) {
      throw Rights.reading(folder, e);
    }
    if (files.isEmpty()) {
      throw CommandException.refused(
          InputFile.name(folder)
              + ": there is no file in the folder; a pattern such as 'folder/**' names those in"
              + " folders below");
    }
    return files;
  }

  /** Returns whether a name is one that shells leave out: those of unfinished files are. */
  static boolean isHidden(Path file) {
    return String.valueOf(file.getFileName()).startsWith(".");
  }
}
