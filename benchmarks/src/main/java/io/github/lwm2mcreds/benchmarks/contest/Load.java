// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Devices that make handshakes one after the other, several at a time. */
final class Load implements AutoCloseable {
  private static final long TIMEOUT_MILLIS = 10_000;

  private final List<DeviceClient> clients = new ArrayList<>();
  private final ServerSpec spec;
  private final Request request;

  Load(ServerSpec spec, int port, DeviceClient.Mode mode, int concurrency) throws IOException {
    this.spec = spec;
    request = Request.to(spec.peer());
    for (int i = 0; i < concurrency; i++) {
      clients.add(new DeviceClient(port, spec.share(i, concurrency), spec.suite(), mode));
    }
  }

  /**
   * Makes handshakes for a while.
   *
   * @return how many it made
   * @throws IllegalStateException if one failed
   */
  long run(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    AtomicLong made = new AtomicLong();
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (DeviceClient client : clients) {
      Thread thread = new Thread(() -> run(client, end, made, failed));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    clients.stream().flatMap(client -> client.fault().stream()).forEach(failed::add);
    if (!failed.isEmpty()) {
      throw new IllegalStateException(
          failed.size()
              + " handshakes failed and "
              + made
              + " succeeded at "
              + spec
              + ": "
              + failed);
    }
    return made.get();
  }

  private void run(DeviceClient client, long end, AtomicLong made, Queue<String> failed) {
    try {
      while (System.nanoTime() < end) {
        client.chooseDevice();
        byte[] answer = client.exchange(request.of(client.device()), TIMEOUT_MILLIS);
        if (answer != null && request.isAnswered(answer)) {
          made.incrementAndGet();
        } else {
          failed.add(
              "device "
                  + client.device()
                  + " got "
                  + (answer == null
                      ? "no answer"
                      : "the answer " + HexFormat.of().formatHex(answer)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clients.forEach(DeviceClient::close);
  }
}
