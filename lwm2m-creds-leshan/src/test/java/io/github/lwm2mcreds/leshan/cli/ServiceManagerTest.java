// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.Peers;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** serve under systemd, whose socket is one of Python's here. */
class ServiceManagerTest {
  private static final String RECEIVER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      print('bound')
      while True:
          print(s.recv(4096).decode().replace('\\n', '|'))
      """;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Streams streams =
      new Streams(
          InputStream.nullInputStream(),
          new PrintStream(err, true, UTF_8),
          new PrintStream(err, true, UTF_8));

  @TempDir Path folder;
  private Child systemd;
  private String socket;

  @BeforeEach
  void listen() throws Exception {
    Peers.require("python3");
    Peers.require("systemd-notify");
    socket = folder.resolve("notify").toString();
    systemd = Child.start(folder, "python3", "-u", "-c", RECEIVER, socket);
    systemd.awaitLine("bound"::equals);
  }

  @AfterEach
  void stop() {
    systemd.close();
  }

  @Test
  void serve_tellsThatItIsReady_alive_andStopping() throws Exception {
    TestStore store = TestStore.init(folder);
    store.add("ep", TestStore.TOKEN);
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "200000");
    try (Child serve =
        Child.startMain(
            folder, environment, "serve", "--coaps-port", "0", "--store=sqlite:" + store.file())) {
      String ready = systemd.awaitLine(line -> line.contains("READY=1"));
      assertThat(serve.output()).contains("listening on");
      assertThat(ready).contains("STATUS=serving, devices: 1").contains("MAINPID=");
      systemd.awaitLine(line -> line.contains("WATCHDOG=1"));

      serve.terminate();

      systemd.awaitLine(line -> line.contains("STOPPING=1"));
      assertThat(serve.awaitEnd()).as(serve::output).isZero();
      assertThat(serve.output()).doesNotContain("warning: systemd");
    }
  }

  @Test
  void status_isSentInOrder_andWaitedFor() throws Exception {
    try (ServiceManager manager = new ServiceManager(Map.of("NOTIFY_SOCKET", socket), streams)) {
      manager.ready("one", () -> true);
      manager.status("two");
      manager.stopping();
    }
    systemd.awaitLine(line -> line.contains("STOPPING=1"));

    assertThat(systemd.output())
        .containsSubsequence("READY=1", "STATUS=two", "STOPPING=1")
        .doesNotContain("WATCHDOG");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void watchdog_isForThisProcess_andOnlyWhileItIsAlive() throws Exception {
    Map<String, String> others =
        Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1");
    AtomicBoolean isAsked = new AtomicBoolean();
    try (ServiceManager manager = new ServiceManager(others, streams)) {
      manager.ready("not watched", () -> !isAsked.getAndSet(true));
    }
    assertThat(isAsked).isFalse();
    Map<String, String> own = Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "1000");
    AtomicInteger asked = new AtomicInteger();
    try (ServiceManager manager = new ServiceManager(own, streams)) {
      manager.ready("watched", () -> asked.getAndIncrement() == 0);
      await().until(() -> asked.get() > 2);
      manager.stopping();
    }
    systemd.awaitLine(line -> line.contains("STOPPING=1"));
    assertThat(systemd.output()).containsOnlyOnce("WATCHDOG=1");
  }

  @Test
  void socketThatNobodyReads_isWarnedOfOnce() {
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket + ".none");
    try (ServiceManager manager = new ServiceManager(environment, streams)) {
      manager.status("one");
      manager.status("two");
    }

    assertThat(err.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("warning: systemd waits for messages");
  }

  @Test
  void withoutSystemd_nothingHappens() {
    try (ServiceManager manager = new ServiceManager(Map.of(), streams)) {
      manager.ready("x", () -> true);
      manager.stopping();
    }

    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(systemd.output()).isEqualTo("bound");
  }
}
