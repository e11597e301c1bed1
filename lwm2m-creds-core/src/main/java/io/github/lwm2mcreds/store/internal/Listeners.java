// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Listeners of which each is told of every event, whatever the others throw.
 *
 * @param <L> what a listener is
 * @param <E> what it is told of
 */
public final class Listeners<L, E> {
  private final List<L> listeners = new CopyOnWriteArrayList<>();
  private final BiConsumer<L, E> call;

  public Listeners(BiConsumer<L, E> call) {
    this.call = call;
  }

  public void add(L listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  public void remove(L listener) {
    listeners.remove(listener);
  }

  /** Tells every listener of an event, and throws afterwards what one of them threw. */
  public void tell(E event) {
    tellAll(List.of(event));
  }

  /** Tells every listener of all events, and throws afterwards what one of them threw. */
  public void tellAll(Iterable<E> events) {
    Failures failures = new Failures();
    for (E event : events) {
      listeners.forEach(listener -> failures.collect(() -> call.accept(listener, event)));
    }
    failures.rethrow();
  }

  /** Calls every listener, and throws afterwards what one of them threw. */
  public void forEach(Consumer<L> other) {
    Failures failures = new Failures();
    listeners.forEach(listener -> failures.collect(() -> other.accept(listener)));
    failures.rethrow();
  }

  /** What listeners threw: the first, with the others suppressed. */
  private static final class Failures {
    private RuntimeException first;

    void collect(Runnable call) {
      try {
        call.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }

    void rethrow() {
      if (first != null) {
        throw first;
      }
    }
  }
}
