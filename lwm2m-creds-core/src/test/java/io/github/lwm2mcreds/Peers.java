// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Other people's programs that tests compare with. Where one is missing its tests are skipped, but
 * not in continuous integration ({@code CI=true}), where that would go unseen.
 */
public final class Peers {
  /** Where Debian has servers, which only root's PATH has. */
  private static final String SERVERS = File.pathSeparator + "/usr/sbin";

  private Peers() {}

  /** Skips the running test, or fails it in continuous integration, unless a program is there. */
  public static void require(String program) {
    require(program, isOnPath(program), System.getenv("CI"));
  }

  static void require(String program, boolean present, String ci) {
    require(present, program + " is not on the PATH", ci);
  }

  /** Skips the running test, or fails it in continuous integration, unless something is so. */
  public static void require(boolean present, String missing) {
    require(present, missing, System.getenv("CI"));
  }

  private static void require(boolean present, String missing, String ci) {
    if (!present && "true".equals(ci)) {
      fail(missing + ": continuous integration must install it");
    }
    assumeTrue(present, () -> missing + ": install it to run this test");
  }

  private static boolean isOnPath(String program) {
    return Stream.of((System.getenv("PATH") + SERVERS).split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Runs a program to its end and fails the test unless it exits with 0. */
  public static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    int status = process.waitFor();
    if (status != 0) {
      fail(String.join(" ", command) + " ended with status " + status + ":\n" + output);
    }
  }
}
