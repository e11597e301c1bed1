// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerFolderTest {
  @BeforeEach
  void requireLinux() {
    Peers.require(Files.isDirectory(Path.of("/proc/self")), "/proc is not there");
  }

  /** What happens when the JVM ends, however it does: the shell's input ends. */
  @Test
  void close_serverThatHasStartedAnother_leavesNothing() {
    ServerFolder folder = new ServerFolder("test");
    long server =
        folder.start(
            "log", "sh", "-c", "setsid sleep 1000 & echo $! >child.new; mv *.new child; wait");
    await().until(() -> folder.read("child").matches("\\d+\n"));
    long child = Long.parseLong(folder.read("child").trim());
    Path path = folder.path();
    assertThat(runs(server) && runs(child)).isTrue();

    folder.close();

    await().until(() -> !runs(server) && !runs(child));
    assertThat(path).doesNotExist();
  }

  @Test
  void end_severalServers_endsThatOne() {
    try (ServerFolder folder = new ServerFolder("test")) {
      long first = folder.start("log", "sleep", "1000");
      long second = folder.start("log", "sleep", "1000");

      folder.end(first, "KILL");
      long third = folder.start("log", "sleep", "1000");

      assertThat(runs(first)).isFalse();
      assertThat(runs(second) && runs(third)).isTrue();
    }
  }

  /** One that has ended, and whose end nobody has asked for, has no program any more. */
  private static boolean runs(long process) {
    return Files.exists(Path.of("/proc", "" + process, "exe"));
  }
}
