// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.InputStream;
import java.io.PrintStream;
import picocli.CommandLine.Command;

/** The streams a command reads from and writes to; {@link Main} mixes them into each command. */
@Command // picocli mixes in nothing without an annotation of its own
record Streams(InputStream in, PrintStream out, PrintStream err) {
  void warn(String message) {
    err.println("warning: " + message);
  }

  /** Prints a line of a table with a name and a value. */
  void row(String name, String value) {
    out.printf("  %-12s %s%n", name, value);
  }
}
