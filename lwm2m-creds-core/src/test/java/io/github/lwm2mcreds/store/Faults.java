// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the accesses to a store, and holds them up or refuses them. */
public class Faults {
  private final AtomicInteger accesses = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile int left = Integer.MAX_VALUE;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** How many accesses there were. */
  public int accesses() {
    return accesses.get();
  }

  /** Refuses accesses after some more. */
  public void failAfter(int more) {
    left = accesses.get() + more;
  }

  /** Refuses none any more. */
  public void recover() {
    left = Integer.MAX_VALUE;
  }

  /** Makes all who want access wait until {@link #release}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  /** How many wait. */
  public int waiting() {
    return waiting.get();
  }

  /** Lets all who wait go on. */
  public void release() {
    gate.countDown();
  }

  /** Returns whether an access is granted. */
  public boolean enter() {
    int number = accesses.incrementAndGet();
    waiting.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
    return number <= left;
  }

  /** Returns whether whoever had access is told of the result; called once it is there. */
  public boolean leave() {
    return true;
  }
}
