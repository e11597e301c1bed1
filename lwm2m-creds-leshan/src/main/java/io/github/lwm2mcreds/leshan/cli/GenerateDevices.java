// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.factory.FactoryRun;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The devices that a run makes. */
final class GenerateDevices {
  static final String HEADING = "%nDevices (--count or --from):%n";
  static final String STORE_HEADING =
      "%nStore whose endpoints and keys must not be made again (optional):%n";

  @Option(names = "--count", paramLabel = "N", description = "Make this many devices.")
  private long count;

  @Option(
      names = "--endpoint-template",
      paramLabel = "TEMPLATE",
      description = "With --count: the endpoints, with one counter such as %%d or %%08x.")
  private String template;

  @Option(
      names = "--start",
      paramLabel = "NUMBER",
      description = "With --count: the number in the first endpoint.")
  private Long start;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "Make the devices of a list in CSV or NDJSON with the columns endpoint and, if wanted,"
              + " psk and board; other columns go to the manifest.")
  private Path list;

  /** Returns how many there will be; 0 if only a list tells. */
  long count() {
    return count;
  }

  void addTo(FactoryRun.Builder builder, KeyPolicy policy) throws CommandException {
    if ((list == null) == (template == null)) {
      throw CommandException.refused(
          "give --count, --endpoint-template and --start, or a list with --from");
    }
    if (list != null) {
      builder.devices(list, policy);
      return;
    }
    if (start == null || count < 1) {
      throw CommandException.refused(
          "--endpoint-template needs --count and --start: counting from 0 again would repeat"
              + " endpoints of devices in the field");
    }
    builder.devices(template, start, count);
  }
}
