// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether a command reports to people or to programs. */
@Command // picocli mixes in nothing without an annotation of its own
final class FormatOption {
  private enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "For people, or one JSON object per line. Default: ${DEFAULT-VALUE}.")
  private Format format;

  boolean isJson() {
    return format == Format.JSON;
  }
}
