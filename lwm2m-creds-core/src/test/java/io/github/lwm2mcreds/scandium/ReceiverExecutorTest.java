// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiverExecutorTest {
  private final ReceiverExecutor executor =
      new ReceiverExecutor(
          ExecutorsUtil.newProtocolScheduledThreadPool(1, new DaemonThreadFactory("pool-")),
          () -> {});
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
  void runHere_commandThatFails_isLoggedAndGoesOnWithTheNext() throws Exception {
    FutureTask<Void> sending =
        new FutureTask<>(
            () ->
                executor.runHere(
                    () -> {
                      executor.execute(
                          () -> {
                            throw new AssertionError("of a test");
                          });
                      executor.execute(() -> done.add("next"));
                    }),
            null);

    try (LoggedEvents logged = new LoggedEvents()) {
      Thread thread = new Thread(sending);
      thread.start();
      thread.join();

      assertThat(logged.of(Event.DATAGRAM_FAILED))
          .containsExactly("ERROR datagram-failed failure=\"AssertionError: of a test\"");
    }
    assertThat(done).containsExactly("next");
    sending.get(); // the sender has nothing to catch
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

  @Test
  void runHere_onAnyOtherThread_runsWhatTheStepExecutesAfterTheStep() throws Exception {
    onAnotherThread(
        () ->
            executor.runHere(
                () -> {
                  executor.execute(() -> done.add("sent on " + Thread.currentThread().getName()));
                  done.add("step");
                }));

    assertThat(done).containsExactly("step", "sent on other");
  }

  @Test
  void runHere_whatIsExecutedAfterTheStep_goesToThePool() throws Exception {
    CompletableFuture<String> next = new CompletableFuture<>();

    onAnotherThread(
        () ->
            executor.runHere(
                () ->
                    executor.execute(
                        () ->
                            executor.execute(
                                () -> next.complete(Thread.currentThread().getName())))));

    assertThat(next.get(10, TimeUnit.SECONDS)).startsWith("pool-");
  }

  @Test
  void runHere_stepThatFails_stillRunsWhatItHasExecuted() throws Exception {
    onAnotherThread(
        () ->
            assertThatThrownBy(
                    () ->
                        executor.runHere(
                            () -> {
                              executor.execute(() -> done.add("sent"));
                              throw new IllegalStateException("of a test");
                            }))
                .hasMessage("of a test"));

    assertThat(done).containsExactly("sent");
  }

  @Test
  void runHere_ofAThreadThatIsInterrupted_leavesTheWorkToThePool() throws Exception {
    CompletableFuture<String> sent = new CompletableFuture<>();

    onAnotherThread(
        () -> {
          Thread.currentThread().interrupt();
          executor.runHere(
              () -> executor.execute(() -> sent.complete(Thread.currentThread().getName())));
        });

    assertThat(sent.get(10, TimeUnit.SECONDS)).startsWith("pool-");
  }

  @Test
  void runHere_onReceivingThread_waitsForRunReceived() {
    executor.runHere(() -> executor.execute(() -> done.add("sent")));
    assertThat(done).isEmpty();

    executor.runReceived();

    assertThat(done).containsExactly("sent");
  }

  /** Runs on a thread that is none of the connector's. */
  private static void onAnotherThread(Runnable test) throws Exception {
    FutureTask<Void> task = new FutureTask<>(test, null);
    new Thread(task, "other").start();
    task.get(10, TimeUnit.SECONDS);
  }
}
