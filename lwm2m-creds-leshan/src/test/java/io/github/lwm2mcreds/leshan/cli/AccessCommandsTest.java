// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessCommandsTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("fleet.db.access");
  }

  private Cli access(String command, String... args) {
    String[] all = new String[args.length + 4];
    System.arraycopy(args, 0, all, 4, args.length);
    all[0] = "access";
    all[1] = command;
    all[2] = "--file";
    all[3] = file().toString();
    return Cli.run(all);
  }

  @Test
  void newToken_isShownOnce_andKeptAsAHashInAPrivateFile() throws Exception {
    Cli run = access("add", "line-3", "--role", "factory");

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).matches("lwm2mcreds_[A-Za-z0-9_-]{43}\n");
    assertThat(Files.readString(file()))
        .matches("factory token line-3 [0-9a-f]{64}\n")
        .doesNotContain(run.out().strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(access("list").out()).isEqualTo("factory   token        line-3\n");
  }

  @Test
  void newToken_toAFile_isInThatAlone_whichIsPrivate() throws Exception {
    Path output = folder.resolve("line-3.token");

    Cli run = access("add", "line-3", "--role", "OPERATOR", "-o", output.toString());

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out() + run.err()).isEmpty();
    assertThat(Files.readString(output)).matches("lwm2mcreds_[A-Za-z0-9_-]{43}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
        .isEqualTo("rw-------");

    String before = Files.readString(output);
    Cli again = access("add", "line-4", "--role", "factory", "-o", output.toString());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("already exists");
    assertThat(Files.readString(output)).isEqualTo(before);
    assertThat(access("list").out()).doesNotContain("line-4");
  }

  @Test
  void subject_isAddedListedAndRemoved() {
    assertThat(access("add", "--subject", "CN=ops, O=Example", "--role", "operator").code())
        .isZero();
    assertThat(access("add", "line-3", "--role", "factory").code()).isZero();

    assertThat(access("list", "--format", "json").out().lines())
        .containsExactly(
            "{\"role\":\"operator\",\"kind\":\"certificate\",\"name\":\"CN=ops,O=Example\"}",
            "{\"role\":\"factory\",\"kind\":\"token\",\"name\":\"line-3\"}");
    assertThat(access("remove", "CN=ops,O=Example").code()).isZero();
    assertThat(access("list").out()).isEqualTo("factory   token        line-3\n");
    Cli again = access("remove", "CN=ops,O=Example");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("'CN=ops,O=Example' has no access");
  }

  @Test
  void badInput_isRefusedInOneLine_andChangesNothing() throws Exception {
    access("add", "line-3", "--role", "factory");
    String before = Files.readString(file());

    for (String[] args :
        new String[][] {
          {"add", "line-3", "--role", "operator"},
          {"add", "line 3", "--role", "operator"},
          {"add", "--role", "operator"},
          {"add", "x", "--subject", "CN=x", "--role", "operator"},
          {"add", "--subject", "nonsense", "--role", "operator"},
          {"add", "x"},
          {"add", "x", "--role", "root"},
        }) {
      String[] rest = Arrays.copyOfRange(args, 1, args.length);
      Cli run = access(args[0], rest);
      assertThat(run.code()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.out()).isEmpty();
    }
    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void list_ofNoFile_orOneThatOthersMayRead_isRefused() throws Exception {
    assertThat(access("list").err()).contains("no such file");
    Files.writeString(file(), "");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    Cli run = access("list");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("set its mode to 600");
  }

  @Test
  void add_manyAtATime_losesNone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> added = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String name = "line-" + i;
        added.add(threads.submit(() -> access("add", name, "--role", "factory").code()));
      }
      for (Future<Integer> each : added) {
        assertThat(each.get()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(access("list").out().lines()).hasSize(40);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lockFile())))
        .isEqualTo("rw-------");
  }

  private Path lockFile() {
    return folder.resolve("fleet.db.access.lock");
  }
}
