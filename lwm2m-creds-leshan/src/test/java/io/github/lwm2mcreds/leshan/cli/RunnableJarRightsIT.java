// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.store.internal.MissingRight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar as a user who lacks rights; where tests run as root, as one without any. */
class RunnableJarRightsIT {
  private static final int NOBODY = 65534;
  private static final String ALL = "rwxrwxrwx";

  private final boolean isRoot = MissingRight.user().equals("root");

  @TempDir Path folder;
  private Path closed;

  @BeforeEach
  void make() throws IOException {
    if (isRoot) {
      Peers.require("setpriv");
    }
    Files.copy(Path.of("target/lwm2m-creds.jar"), folder.resolve("creds.jar"));
    closed = Files.createDirectory(folder.resolve("closed"));
    mode(Files.createDirectory(folder.resolve("tmp")), ALL);
    mode(folder, "rwxr-xr-x");
    mode(closed, ALL);
  }

  /** Lets the folder be deleted. */
  @AfterEach
  void open() throws IOException {
    mode(closed, ALL);
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private record Run(int code, String output) {}

  private Run run(String... args) throws InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot) {
      command.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    command.addAll(List.of("-jar", folder.resolve("creds.jar").toString()));
    command.addAll(List.of(args));
    try (Child child = Child.start(folder, command.toArray(String[]::new))) {
      int code = child.awaitEnd();
      return new Run(code, child.output());
    }
  }

  private String store() {
    return "--store=sqlite:" + closed.resolve("fleet.db");
  }

  private Run initialised() throws InterruptedException {
    Run init = run("store", "init", store());
    assertThat(init.code()).as(init.output()).isZero();
    return init;
  }

  @Test
  void fileThatMayNotBeRead_isNamedWithTheRight() throws Exception {
    initialised();
    Path key = closed.resolve("fleet.db.key");

    mode(key, "-w-------");
    Run withoutKey = run("store", "list", store());
    mode(key, "rw-------");
    mode(closed.resolve("fleet.db"), "-w-------");
    Run withoutFile = run("store", "list", store());

    assertThat(withoutKey.code()).isEqualTo(2);
    assertThat(withoutKey.output())
        .contains("cannot be read: the user '", "lacks the right to read '" + key + "'");
    assertThat(withoutFile.code()).isEqualTo(2);
    assertThat(withoutFile.output())
        .contains("lacks the right to read '" + closed.resolve("fleet.db") + "'", "chmod u+r");
  }

  @Test
  void folderThatMayNotBeEntered_doesNotMeanThatNothingIsThere() throws Exception {
    initialised();
    mode(closed, "---------");

    for (Run run :
        List.of(
            run("store", "list", store()),
            run("inspect", closed.resolve("cred.bin").toString()),
            run("store", "list", "--config", closed.resolve("config").toString()))) {
      assertThat(run.output())
          .contains("lacks the right to enter the folder '" + closed + "'")
          .doesNotContain("no such file");
    }
  }

  @Test
  void folderThatMayNotBeWritten_isNamed_forTheStoresLogToo() throws Exception {
    initialised();
    mode(closed, "r-xr-xr-x");

    for (Run run :
        List.of(
            run("store", "list", store()),
            run("store", "init", "--store=sqlite:" + closed.resolve("new.db")),
            run(
                "gen-cred-partition",
                "-did=x",
                "--generate-token",
                "-o",
                closed.resolve("cred.bin").toString()))) {
      assertThat(run.code()).isPositive();
      assertThat(run.output()).contains("lacks the right to write in the folder '" + closed + "'");
      assertThat(run.output().lines()).hasSize(1);
    }
  }

  @Test
  void manifestOrFolderOfImages_thatMayNotBeUsed_isNamedWithTheRight() throws Exception {
    Path lot = Files.writeString(closed.resolve("lot.csv"), "endpoint\nsensor-1\n");
    Path images = Files.write(closed.resolve("lot.zip"), new byte[22]);
    mode(lot, "-w-------");
    mode(images, "-w-------");
    mode(closed, "r-xr-xr-x");
    String manifest = "--manifest=" + folder.resolve("tmp/new.csv");

    Run list = run("generate", "--from=" + lot, "--image=raw", "--out=tmp/images", manifest);
    Run verified = run("verify", "--images=" + images, manifest);
    Run made =
        run(
            "generate",
            "--count=1",
            "--endpoint-template=sensor-%d",
            "--start=1",
            "--image=raw",
            "--out=" + closed.resolve("images"),
            manifest);

    assertThat(list.output()).contains("lacks the right to read '" + lot + "'");
    assertThat(verified.output()).contains("lacks the right to read '" + images + "'");
    assertThat(made.output()).contains("lacks the right to write in the folder '" + closed + "'");
    assertThat(List.of(list.code(), verified.code(), made.code())).containsOnly(ExitCode.FAILED);
  }

  @Test
  void lowPort_needsARightThatIsNamed() throws Exception {
    Path first = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    assumeTrue(
        Files.exists(first) && Integer.parseInt(Files.readAllLines(first).get(0)) > 684,
        "this system lets everybody use low ports");
    String partition = closed.resolve("cred.bin").toString();
    run("gen-cred-partition", "-did=x", "--generate-token", "-o", partition);

    Run run = run("serve", "--coaps-port", "684", "--partition", partition);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.output()).contains("lacks the right to use ports below 1024");
  }
}
