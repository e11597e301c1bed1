// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiverExecutorTest {
  private final ReceiverExecutor executor =
      new ReceiverExecutor(
          ExecutorsUtil.newProtocolScheduledThreadPool(1, new DaemonThreadFactory("pool-")));
  private final List<String> done = new ArrayList<>();

  @BeforeEach
  void receive() {
    executor.receiveHere();
  }

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  @Test
  void execute_onReceivingThread_waitsForRunReceived() {
    executor.execute(
        () -> {
          executor.execute(() -> done.add("second"));
          done.add("first");
        });
    assertThat(done).isEmpty();

    executor.runReceived();

    assertThat(done).containsExactly("first", "second");
  }

  @Test
  void runReceived_commandThatFails_isLoggedAndGoesOnWithTheNext() {
    executor.execute(
        () -> {
          Thread.currentThread().interrupt();
          throw new AssertionError("of a test");
        });
    executor.execute(() -> done.add("interrupted: " + Thread.currentThread().isInterrupted()));

    try (LoggedEvents logged = new LoggedEvents()) {
      executor.runReceived();

      assertThat(logged.of(Event.DATAGRAM_FAILED))
          .containsExactly("ERROR datagram-failed failure=\"AssertionError: of a test\"");
      assertThat(logged.thrown()).hasSize(1);
    }
    assertThat(done).containsExactly("interrupted: false");
  }

  @Test
  void runReceived_workWithoutEnd_goesToThePool() throws Exception {
    Thread receiving = Thread.currentThread();
    CompletableFuture<Thread> elsewhere = new CompletableFuture<>();
    executor.execute(
        new Runnable() {
          @Override
          public void run() {
            if (Thread.currentThread() == receiving) {
              executor.execute(this);
            } else {
              elsewhere.complete(Thread.currentThread());
            }
          }
        });

    executor.runReceived();

    assertThat(elsewhere.get(10, TimeUnit.SECONDS)).isNotSameAs(receiving);
  }

  @Test
  void runReceived_poolShutDown_runsHere() {
    for (int i = 0; i < 100; i++) {
      executor.execute(() -> done.add("done"));
    }
    executor.shutdownNow();

    executor.runReceived();

    assertThat(done).hasSize(100);
  }
}
