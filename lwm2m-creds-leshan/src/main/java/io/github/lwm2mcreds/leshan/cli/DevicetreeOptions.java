// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.partition.Devicetree;
import io.github.lwm2mcreds.partition.DevicetreeSearch;
import io.github.lwm2mcreds.partition.FlashImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Devicetree files that say where the partition is, and what their build defines. */
final class DevicetreeOptions {
  @Option(
      names = "--dts",
      paramLabel = "FILE",
      description =
          "Devicetree overlay, or the build's zephyr.dts, with a credentials_partition. Several are"
              + " read in order as a Zephyr build does: the board's first, overlays after it.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "-D",
      paramLabel = "NAME[=VALUE]",
      description = "With --dts: a name that the build defines, such as CONFIG_SOC_NRF52832.")
  private List<String> defined = new ArrayList<>();

  @Option(
      names = "-U",
      paramLabel = "NAME",
      description = "With --dts: a name that the build does not define.")
  private List<String> undefined = new ArrayList<>();

  @Option(
      names = "--autoconf",
      paramLabel = "FILE",
      description =
          "With --dts: the build's autoconf.h, which has every CONFIG_ name that is defined.")
  private Path autoconf;

  @Option(
      names = "--include",
      paramLabel = "DIR",
      description =
          "With --dts: folder of files that it includes, such as Zephyr's dts/arm. Files in quotes"
              + " are first sought next to the one that includes them.")
  private List<Path> includeFolders = new ArrayList<>();

  private DevicetreeSearch.Found found;

  boolean hasFiles() {
    return !files.isEmpty();
  }

  DevicetreeSearch.Found find() throws CommandException {
    if (found != null) {
      return found;
    }
    if (files.isEmpty()) {
      throw CommandException.refused("-D, -U, --autoconf and --include need --dts");
    }
    DevicetreeSearch search = Devicetree.search();
    includeFolders.forEach(search::includeFolder);
    if (autoconf != null) {
      search.autoconf(new String(InputFile.read(autoconf), StandardCharsets.UTF_8));
    }
    define(search);
    for (Path file : files) {
      add(file, search);
    }
    try {
      found = search.find();
      return found;
    } catch (FlashImageException e) {
      throw CommandException.refused("--dts: " + e.getMessage() + hint(e), e);
    }
  }

  private void define(DevicetreeSearch search) throws CommandException {
    try {
      for (String definition : defined) {
        String[] parts = definition.split("=", 2);
        search.define(parts[0], parts.length == 1 ? "1" : parts[1]);
      }
      undefined.forEach(search::undefine);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused("-D and -U need names such as CONFIG_SOC_NRF52832", e);
    }
  }

  private static void add(Path file, DevicetreeSearch search) throws CommandException {
    InputFile.requireFile(file);
    try {
      search.file(file);
    } catch (IOException e) {
      throw CommandException.failed(
          InputFile.name(file) + ": cannot be read: " + Rights.reason(e), e);
    }
  }

  private static String hint(FlashImageException e) {
    return switch (e.reason()) {
      case AMBIGUOUS_PARTITION ->
          " (-D NAME[=VALUE], -U NAME or --autoconf decides; or give --address)";
      case MISSING_INCLUDE -> " (--include DIR)";
      case UNKNOWN_FLASH -> " (give the board's devicetree with a --dts before it, or --address)";
      default -> "";
    };
  }
}
