package io.github.lwm2mcreds.leshan.cli;

import java.io.InputStream;
import java.io.PrintStream;

/** Where a command reads from and writes to. */
record Streams(InputStream in, PrintStream out, PrintStream err) {
  void warn(String message) {
    err.println("warning: " + message);
  }
}
