// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands load before they run, which a factory pays for each device. */
class StartUpIT {
  @TempDir static Path folder;

  @BeforeAll
  static void makeAStore() {
    String store = "sqlite:" + folder.resolve("fleet.db");
    assertThat(Cli.run("store", "init", "--store", store).code()).isZero();
    assertThat(Cli.run("store", "add", "--endpoint", "sensor-1", "--store", store).code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen-cred-partition -did sensor-1 --generate-token -o cred.bin",
        "store show sensor-1 --store sqlite:fleet.db",
        "store list --store sqlite:fleet.db"
      })
  void command_thatNeedsNoServer_loadsNothingOfLeshan(String command) throws Exception {
    List<String> loaded = loadedBy(command.split(" "));

    assertThat(loaded).contains("io.github.lwm2mcreds.leshan.cli.Main");
    assertThat(loaded).noneMatch(name -> name.startsWith("org.eclipse."));
  }

  @Test
  void help_loadsAllCommands() throws Exception {
    assertThat(loadedBy("--help"))
        .contains(StoreAuditCommand.class.getName(), DeviceCommand.class.getName());
  }

  private static List<String> loadedBy(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-Xlog:class+load:stdout:none",
                "-jar",
                new File("target/lwm2m-creds.jar").getAbsolutePath()));
    command.addAll(List.of(arguments));
    try (Child child = Child.start(folder, command.toArray(String[]::new))) {
      assertThat(child.awaitEnd()).as(child::output).isZero();
      return child.output().lines().map(line -> line.split(" ", 2)[0]).toList();
    }
  }
}
