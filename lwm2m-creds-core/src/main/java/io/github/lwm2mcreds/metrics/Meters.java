// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/** The meters of one object, which they do not keep alive. They can be taken away again. */
final class Meters<T> {
  private final T measured;
  private final Tags common;
  private final Queue<Runnable> removals = new ConcurrentLinkedQueue<>();

  Meters(T measured, Iterable<Tag> common) {
    this.measured = measured;
    this.common = Tags.of(common);
  }

  /** Meters in one registry. */
  Registering in(MeterRegistry registry) {
    return new Registering(registry);
  }

  void removeAll() {
    for (Runnable removal = removals.poll(); removal != null; removal = removals.poll()) {
      removal.run();
    }
  }

  final class Registering {
    private final MeterRegistry registry;

    private Registering(MeterRegistry registry) {
      this.registry = registry;
    }

    void counter(String name, String what, Tags tags, ToDoubleFunction<T> value) {
      own(
          FunctionCounter.builder(name, measured, value)
              .description(what)
              .tags(common.and(tags))
              .register(registry));
    }

    void gauge(String name, String what, String unit, ToDoubleFunction<T> value) {
      own(
          Gauge.builder(name, measured, value)
              .description(what)
              .baseUnit(unit)
              .tags(common)
              .register(registry));
    }

    private void own(Meter meter) {
      removals.add(() -> registry.remove(meter));
    }
  }
}
