// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the files that a devicetree includes: next to the one that does, or in given folders. */
final class DtsIncludes {
  private static final int MAX_SIZE = 8 << 20;

  private final List<Path> folders = new ArrayList<>();
  private final Map<Path, DtsSource> read = new HashMap<>();

  void addFolder(Path folder) {
    folders.add(folder);
  }

  /**
   * Returns an included file; empty if there is none.
   *
   * @param quoted whether its name is in quotes, so that it is first sought next to the other file
   */
  Optional<DtsSource> find(String name, boolean quoted, DtsSource from, DtsPlace place)
      throws FlashImageException {
    try {
      List<Path> candidates = new ArrayList<>();
      if (quoted) {
        from.path().map(path -> path.resolveSibling(name)).ifPresent(candidates::add);
      }
      folders.forEach(folder -> candidates.add(folder.resolve(name)));
      for (Path candidate : candidates) {
        if (Files.isRegularFile(candidate)) {
          return Optional.of(read(candidate));
        }
      }
      return Optional.empty();
    } catch (InvalidPathException e) {
      throw place.malformed("an include's name is not a file name");
    } catch (IOException e) {
      throw place.refusal(Reason.MISSING_INCLUDE, "an included file cannot be read");
    }
  }

  DtsSource read(Path file) throws IOException {
    DtsSource known = read.get(file);
    if (known != null) {
      return known;
    }
    if (Files.size(file) > MAX_SIZE) {
      throw new IOException("larger than " + MAX_SIZE + " bytes");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    Path name = file.getFileName();
    DtsSource source =
        new DtsSource(name == null ? "" : name.toString(), Optional.of(file.normalize()), text);
    read.put(file, source);
    return source;
  }
}
