// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.jdbc.PostgresStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Threads that change a store, as a process each would, and remember which changes were
 * acknowledged. Each thread takes its devices one after the other through a part of their lives; it
 * leaves one whose change has failed.
 */
final class FailoverLoad implements AutoCloseable {
  private static final Instant FAR_OFF = Instant.parse("2999-01-01T00:00:00Z");
  private static final int THREADS = 4;
  private static final int CHANGES = 5;
  private static final long NANOS_BETWEEN = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long NANOS_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * How far a device came.
   *
   * @param name its endpoint
   * @param number one of its own, from which its keys follow
   * @param acknowledged how many of its changes were acknowledged
   * @param failure why the next one failed; empty if none did
   */
  record Device(String name, int number, int acknowledged, String failure) {
    /** Whether a change has failed, and no more were tried. */
    boolean isLeft() {
      return !failure.isEmpty();
    }

    private DeviceCredential first() {
      return credential(name, 3 * number);
    }

    private DeviceCredential second() {
      return credential(name, 3 * number + 1);
    }

    private DeviceCredential third() {
      return credential(name, name + ".3", 3 * number + 2);
    }

    /** Makes one of its changes, and returns whether the store found what goes before it. */
    private boolean change(ManagedCredentialStore store, int change) {
      switch (change) {
        case 1 -> store.put(first());
        case 2 -> store.put(second());
        case 3 -> store.rotate(third(), FAR_OFF);
        case 4 -> {
          return store.confirm(third().pskIdentity());
        }
        default -> {
          return store.revoke(name, "of a test");
        }
      }
      return true;
    }

    /** How many of its changes a store has. */
    int changesIn(ManagedCredentialStore store) {
      if (store.findRevocation(name).isPresent()) {
        return 5;
      }
      DeviceCredential found = store.findByEndpoint(name).orElse(null);
      if (found == null) {
        return 0;
      }
      return found.equals(third())
          ? 4
          : store.findRotation(name).isPresent() ? 3 : found.equals(second()) ? 2 : 1;
    }

    /** How many acknowledged changes a store lacks. */
    int missingIn(ManagedCredentialStore store) {
      return Math.max(0, acknowledged - changesIn(store));
    }

    /** How many changes a store has that were not acknowledged. */
    int unacknowledgedIn(ManagedCredentialStore store) {
      return Math.max(0, changesIn(store) - acknowledged);
    }
  }

  private final String url;
  private final List<Thread> threads;
  private final List<List<Device>> devices = new ArrayList<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile Outage outage = new Outage();
  private volatile boolean stopped;

  FailoverLoad(String url) {
    this.url = url;
    IntStream.range(0, THREADS).forEach(thread -> devices.add(new ArrayList<>()));
    this.threads =
        IntStream.range(0, THREADS)
            .mapToObj(thread -> new Thread(() -> run(thread), "load-" + thread))
            .toList();
    threads.forEach(Thread::start);
  }

  private void run(int thread) {
    Random random = new Random(thread);
    try (ManagedCredentialStore store = PostgresStores.describe(url).open()) {
      for (int n = 0; !stopped; n++) {
        int changes = 1 + random.nextInt(CHANGES);
        devices.get(thread).add(live(store, "t" + thread + "-" + n, THREADS * n + thread, changes));
      }
    } catch (RuntimeException | Error e) {
      failures.merge("thread " + thread + " ends: " + e, 1, Integer::sum);
    }
  }

  private Device live(ManagedCredentialStore store, String name, int number, int changes) {
    Device fresh = new Device(name, number, 0, "");
    for (int change = 1; change <= changes; change++) {
      long begun = System.nanoTime();
      String failure = change(store, fresh, change);
      if (!failure.isEmpty()) {
        failures.merge(failure, 1, Integer::sum);
        outage.failed();
        LockSupport.parkNanos(NANOS_AFTER_FAILURE);
        return new Device(name, number, change - 1, failure);
      }
      acknowledged.incrementAndGet();
      outage.acknowledged(begun);
      LockSupport.parkNanos(NANOS_BETWEEN);
    }
    return new Device(name, number, changes, "");
  }

  /** Makes a change, and returns why it failed. */
  private static String change(ManagedCredentialStore store, Device device, int change) {
    try {
      return device.change(store, change) ? "" : "change " + change + " finds nothing";
    } catch (CredentialStoreException e) {
      return e.reason() + ": " + withoutPorts(e.getMessage());
    }
  }

  private static String withoutPorts(String message) {
    return message.replaceAll(":\\d+", "");
  }

  /** Expects a time in which no change is made, which begins now. */
  Outage expectOutage() {
    outage = new Outage();
    return outage;
  }

  /** A time in which no change is made, from what caused it to the first change after it. */
  static final class Outage {
    private final long start = System.nanoTime();
    private final AtomicLong firstFailure = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong end = new AtomicLong();

    private void failed() {
      firstFailure.compareAndSet(Long.MAX_VALUE, System.nanoTime());
    }

    private void acknowledged(long begun) {
      if (begun > firstFailure.get()) {
        end.compareAndSet(0, System.nanoTime());
      }
    }

    /** Whether a change was refused, and one that was begun after that was acknowledged. */
    boolean isOver() {
      return end.get() != 0;
    }

    double seconds() {
      return (end.get() - start) / 1e9;
    }
  }

  /** Ends the changes; what became of them is asked for after that. */
  void stop() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The devices of each thread, in the order of their changes. */
  List<List<Device>> devices() {
    return devices;
  }

  /** How many changes were acknowledged by now. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** What went wrong, and how often. */
  Map<String, Integer> failures() {
    return new TreeMap<>(failures);
  }

  @Override
  public void close() {
    stop();
  }
}
