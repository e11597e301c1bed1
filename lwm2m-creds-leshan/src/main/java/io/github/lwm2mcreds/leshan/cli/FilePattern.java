// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for the names of files, as {@link java.nio.file.FileSystem#getPathMatcher} has them:
 * {@code *} and {@code ?} stand for characters of one name, {@code **} for folders too. Names that
 * begin with a dot match only a pattern in which a name does.
 */
final class FilePattern {
  private static final Pattern SPECIAL = Pattern.compile("[*?\\[{]");

  private final String text;
  private final Path folder; // where to look, without a special character
  private final String below;
  private final PathMatcher matcher;

  private FilePattern(String text, Path folder, String below, PathMatcher matcher) {
    this.text = text;
    this.folder = folder;
    this.below = below;
    this.matcher = matcher;
  }

  static boolean isPattern(String text) {
    return SPECIAL.matcher(text).find();
  }

  static FilePattern of(String text) throws CommandException {
    String pattern = text.replace(File.separatorChar, '/'); // a backslash, where it is no escape
    String[] parts = SPECIAL.split(pattern, 2);
    int end = parts[0].lastIndexOf('/') + 1;
    String below = pattern.substring(end);
    try {
      return new FilePattern(
          text,
          InputFile.path(pattern.substring(0, end)),
          below,
          FileSystems.getDefault().getPathMatcher("glob:" + below));
    } catch (PatternSyntaxException e) {
      throw CommandException.refused(
          "'"
              + InputFile.name(InputFile.path(text))
              + "': no such file, and no pattern: "
              + e.getDescription(),
          e);
    }
  }

  /** Returns the files that match, in the order of their names. */
  List<Path> files() throws CommandException {
    Finder finder = new Finder();
    try {
      Files.walkFileTree(
          folder.toString().isEmpty() ? Path.of(".") : folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          below.contains("**")
              ? Integer.MAX_VALUE
              : (int) below.chars().filter(c -> c == '/').count() + 1,
          finder);
    } catch (NoSuchFileException e) {
      throw nothing(e);
    } catch (IOException e) {
      throw Rights.reading(finder.at, e);
    }
    if (finder.found.isEmpty()) {
      throw nothing(null);
    }
    finder.found.sort(null);
    return finder.found;
  }

  private CommandException nothing(Throwable cause) {
    return CommandException.refused(
        InputFile.name(Path.of(text)) + ": no file matches the pattern", cause);
  }

  /** Collects what matches, below where the walk began. */
  private final class Finder extends SimpleFileVisitor<Path> {
    private final boolean seesHidden = below.startsWith(".") || below.contains("/.");
    private final List<Path> found = new ArrayList<>();
    private Path start; // null until the walk begins
    private Path at = folder;

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
      if (start == null) {
        start = visited;
      } else if (!seesHidden && InputFiles.isHidden(visited)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path name = start.relativize(file);
      if (attributes.isRegularFile()
          && (seesHidden || !InputFiles.isHidden(file))
          && matcher.matches(name)) {
        found.add(folder.resolve(name));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof FileSystemLoopException) { // a link to a folder above
        return FileVisitResult.CONTINUE;
      }
      if (start != null && e instanceof NoSuchFileException) { // removed meanwhile, or a dead link
        return FileVisitResult.CONTINUE;
      }
      at = file;
      throw e;
    }
  }
}
