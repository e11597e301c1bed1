// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches devicetree files for the credential partition, as a Zephyr build reads them: the board's
 * devicetree first, and overlays after it, each of which changes what is there.
 *
 * <p>Conditionals, includes and macros are evaluated. A name that is neither defined in the files
 * nor given here is unknown. Where an unknown name decides, the search refuses to guess. If a given
 * name selects the partition and no unknown name does, the result is that of a build in which the
 * unknown names are not defined. Work and memory are bounded, whatever the files contain.
 */
public final class DevicetreeSearch {
  private static final Pattern DEFINITION =
      Pattern.compile("(?m)^[ \\t]*#[ \\t]*define[ \\t]+([A-Za-z_][A-Za-z0-9_]*)(?:[ \\t]+(.*))?$");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final List<DtsSource> sources = new ArrayList<>();
  private final DtsIncludes includes = new DtsIncludes();
  private final DtsConditions conditions = new DtsConditions();

  DevicetreeSearch() {}

  /**
   * What was found.
   *
   * @param location where the partition is for the CPU and for flash tools
   * @param place the file and line that say so
   * @param notes the assumptions of the search, one sentence each; empty if it made none
   */
  public record Found(PartitionLocation location, String place, List<String> notes) {
    /**
     * Copies the notes.
     *
     * @param location where the partition is
     * @param place the file and line
     * @param notes a sentence each
     */
    public Found {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Adds a text after those that were added before.
   *
   * @param name what messages call it; may be empty if it is the only one
   * @param text its content
   * @return this
   */
  public DevicetreeSearch source(String name, String text) {
    sources.add(new DtsSource(name, Optional.empty(), text));
    return this;
  }

  /**
   * Adds a file after what was added before. What it includes in quotes is sought next to it first.
   *
   * @param file a {@code .dts} or overlay in UTF-8
   * @return this
   * @throws IOException if it cannot be read
   */
  public DevicetreeSearch file(Path file) throws IOException {
    sources.add(includes.read(file));
    return this;
  }

  /**
   * Adds a folder in which to seek included files.
   *
   * @param folder such as Zephyr's {@code dts/arm}
   * @return this
   */
  public DevicetreeSearch includeFolder(Path folder) {
    includes.addFolder(folder);
    return this;
  }

  /**
   * Defines a name, as the build does.
   *
   * @param name such as {@code CONFIG_SOC_NRF52832}
   * @param value what it stands for, {@code 1} for most
   * @return this
   * @throws IllegalArgumentException if it is not an identifier of C
   */
  public DevicetreeSearch define(String name, String value) {
    conditions.define(requireName(name), value.lines().findFirst().orElse(""));
    return this;
  }

  /**
   * Marks a name as one that the build does not define.
   *
   * @param name such as {@code CONFIG_SOC_NRF52840}
   * @return this
   * @throws IllegalArgumentException if it is not an identifier of C
   */
  public DevicetreeSearch undefine(String name) {
    conditions.undefine(requireName(name));
    return this;
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a definition's name must be an identifier of C");
    }
    return name;
  }

  /**
   * Defines the names in the build's {@code autoconf.h}, which Kconfig writes. All other names that
   * begin with {@code CONFIG_} are marked as not defined.
   *
   * @param text the content of that file
   * @return this
   */
  public DevicetreeSearch autoconf(String text) {
    Matcher definition = DEFINITION.matcher(text);
    while (definition.find()) {
      String value = definition.group(2);
      conditions.define(definition.group(1), value == null ? "" : value.strip());
    }
    conditions.completeConfiguration();
    return this;
  }

  /**
   * Searches.
   *
   * @return the partition
   * @throws FlashImageException if there is none, its address cannot be computed, or a name that
   *     decides is not given; the message lists the candidates with their lines
   */
  public Found find() throws FlashImageException {
    DtsOutcomes outcomes = new DtsOutcomes();
    DtsBudget budget = new DtsBudget();
    conditions.restart();
    do {
      outcomes.add(outcome(budget), conditions);
    } while (conditions.next() && !outcomes.areDecided(budget));
    return outcomes.found();
  }

  private DtsOutcome outcome(DtsBudget budget) {
    try {
      DtsPreprocessor tokens = new DtsPreprocessor(sources, includes, conditions, budget);
      DtsTree tree = new DtsParser(tokens).parse();
      return DtsOutcome.of(tree, tokens.missing());
    } catch (FlashImageException e) {
      return DtsOutcome.failed(e);
    }
  }
}
