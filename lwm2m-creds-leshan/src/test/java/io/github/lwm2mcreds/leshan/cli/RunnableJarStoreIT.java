// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes of the runnable jar that work on one store at the same time. */
class RunnableJarStoreIT {
  private static final String STORE = "--store=sqlite:fleet.db";

  @TempDir Path folder;

  private final List<Child> children = new ArrayList<>();

  @AfterEach
  void stop() {
    children.forEach(Child::close);
  }

  @Test
  void serve_followsWhatOtherProcessesDoToTheStore() throws Exception {
    done("store", "init", STORE);
    done("store", "add", "--endpoint", "sensor-1", "-o", "one.bin", STORE);
    Child serve = jar("serve", "--coaps-port", "0", STORE);
    serve.awaitLine("following fleet.db, devices: 1"::equals);
    String uri = uri(serve);

    done("device", "one.bin", "--server", uri, "--once");
    serve.awaitLine("registered sensor-1"::equals);

    done("store", "add", "--endpoint", "sensor-2", "-o", "two.bin", STORE);
    done("device", "two.bin", "--server", uri, "--once");
    serve.awaitLine("registered sensor-2"::equals);

    done("store", "revoke", "sensor-1", "--reason", "lost", STORE);
    serve.awaitLine("revoked sensor-1"::equals);
    Child refused = jar("device", "one.bin", "--server", uri, "--once", "--timeout", "3");
    serve.awaitLine(l -> l.startsWith("refused handshake: unknown PSK identity 'sensor-1'"));
    assertThat(refused.awaitEnd()).isEqualTo(1);

    done("store", "rotate", "sensor-2", STORE);
    done("store", "remove", "sensor-2", STORE);
    serve.awaitLine("removed sensor-2"::equals);
    serve.awaitLine("removed sensor-2, identity 'sensor-2.2'"::equals);

    serve.terminate();
    assertThat(serve.awaitEnd()).isZero();
    assertThat(serve.output()).endsWith("stopped");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .as("neither SQLite's library nor its journals")
          .containsExactlyInAnyOrder("fleet.db", "fleet.db.key", "one.bin", "two.bin");
    }
  }

  @Test
  void serve_keepingItsSessions_hasThemAfterARestart() throws Exception {
    done("store", "init", STORE);
    done("store", "add", "--endpoint", "sensor-1", "-o", "one.bin", STORE);
    Child serve = jar("serve", "--coaps-port", "0", STORE, "--sessions", "sessions");
    String uri = uri(serve);
    jar("device", "one.bin", "--server", uri);
    serve.awaitLine("registered sensor-1"::equals);

    Child second = jar("serve", "--coaps-port", "0", STORE, "--sessions", "sessions");
    assertThat(second.awaitEnd()).isNotZero();
    assertThat(second.output()).contains("another server that runs keeps its sessions in ");

    serve.terminate();
    assertThat(serve.awaitEnd()).isZero();
    assertThat(folder.resolve("sessions")).exists();
    String port = uri.substring(uri.lastIndexOf(':') + 1);
    Child next = jar("serve", "--coaps-port", port, STORE, "--sessions", "sessions");
    next.awaitLine(
        line -> line.contains("sessions-loaded reason=stopped") && line.contains(" sessions=1 "));
  }

  @Test
  void serve_goesOnWhileTheStoreIsMovedToAnotherKey() throws Exception {
    done("store", "init", STORE);
    done("store", "add", "--endpoint", "sensor-1", "-o", "one.bin", STORE);
    Child serve = jar("serve", "--coaps-port", "0", STORE, "--new-store-key", "next.key");
    String uri = uri(serve);

    done("store", "reseal", STORE, "--new-store-key", "next.key");
    done("store", "add", "--endpoint", "sensor-2", "-o", "two.bin", STORE, "--store-key=next.key");

    for (String file : List.of("one.bin", "two.bin")) {
      done("device", file, "--server", uri, "--once");
    }
    assertThat(serve.output()).doesNotContain("store lost");
  }

  @Test
  void serve_withoutStoreOrWithItsWrongKey_isRefusedInOneLine() throws Exception {
    done("store", "init", STORE);
    Files.delete(folder.resolve("fleet.db.key"));

    for (String store : List.of(STORE, "--store=sqlite:none.db")) {
      Child serve = jar("serve", "--coaps-port", "0", store);
      assertThat(serve.awaitEnd()).isEqualTo(2);
      assertThat(serve.output().lines()).hasSize(1);
    }
  }

  @Test
  void list_streamsInLittleMemory_andEndsQuietlyWhenItsReaderHasEnough() throws Exception {
    try (JdbcCredentialStore store =
        JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).create()) {
      CredentialGenerator generator =
          CredentialGenerator.counting("a-rather-long-endpoint-%08x", 0);
      store.putAll(Stream.generate(generator::next).limit(20_000).toList());
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String jar = new File("target/lwm2m-creds.jar").getAbsolutePath();
    String list = "'" + java + "' -Xmx16m -jar '" + jar + "' store list " + STORE;

    Child whole = shell(list + " | wc -l");
    assertThat(whole.awaitEnd()).as(whole::output).isZero();
    assertThat(whole.output().strip()).isEqualTo("20000");

    Child head = shell("(" + list + "; echo \"ended with $?\" >&2) | head -n 1");
    assertThat(head.awaitEnd()).isZero();
    assertThat(head.output().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("a-rather-long-endpoint-"))
        .contains("ended with 0");
  }

  private Child shell(String command) {
    return keep(Child.start(folder, "sh", "-c", command));
  }

  /** Runs a command that must succeed. */
  private void done(String... args) throws InterruptedException {
    Child child = jar(args);
    assertThat(child.awaitEnd()).as(child::output).isZero();
  }

  private Child jar(String... args) {
    return keep(Child.startJar(folder, args));
  }

  private Child keep(Child child) {
    children.add(child);
    return child;
  }

  private static String uri(Child serve) throws InterruptedException {
    String line = serve.awaitLine(l -> l.startsWith("listening on coaps://127.0.0.1:"));
    return line.substring("listening on ".length());
  }
}
