package io.github.lwm2mcreds.store.internal;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

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
    RuntimeException thrown = null;
    for (E event : events) {
      for (L listener : listeners) {
        try {
          call.accept(listener, event);
        } catch (RuntimeException e) {
          if (thrown == null) {
            thrown = e;
          } else if (thrown != e) {
            thrown.addSuppressed(e);
          }
        }
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }
}
