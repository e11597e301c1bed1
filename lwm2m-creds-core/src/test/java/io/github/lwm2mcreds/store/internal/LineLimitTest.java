// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineLimitTest {
  private final ManualLimitClock clock = new ManualLimitClock();
  private final List<String> written = new ArrayList<>();
  private final LineLimit limit = new LineLimit(clock, count -> written.add("alone " + count));

  private void write(int lines) {
    for (int i = 0; i < lines; i++) {
      limit.write(leftOut -> written.add("line " + leftOut));
    }
  }

  @Test
  void write_tenInAMinute_areAllWritten() {
    write(10);

    assertThat(written).hasSize(10).containsOnly("line 0");
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void write_moreThanTenInAMinute_areCountedAndToldOnceTheMinuteIsOver() {
    write(10);
    clock.advance(Duration.ofSeconds(59));
    write(5);
    assertThat(written).hasSize(10);

    clock.advance(Duration.ofNanos(999_999_999));
    write(2);
    assertThat(written).hasSize(10);
    clock.advance(Duration.ofNanos(1));
    write(1);

    assertThat(written.subList(10, 12)).containsExactly("alone 7", "line 0");
  }

  @Test
  void write_nothingFollows_theCountIsWrittenAlone() {
    write(13);
    assertThat(clock.waiting()).isOne();

    clock.advance(Duration.ofDays(1));

    assertThat(written).hasSize(11).last().isEqualTo("alone 3");
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void write_aLineBeforeTheTimer_takesTheCountWithIt() {
    LateClock late = new LateClock();
    LineLimit slow = new LineLimit(late, count -> written.add("alone " + count));
    for (int i = 0; i < 13; i++) {
      slow.write(leftOut -> written.add("line " + leftOut));
    }
    late.now += LineLimit.INTERVAL_NANOS;

    slow.write(leftOut -> written.add("line " + leftOut));
    late.timers.forEach(Runnable::run);

    assertThat(written).hasSize(11).last().isEqualTo("line 3");
  }

  @Test
  void timer_thatIsEarly_waitsForTheRest() {
    LateClock early = new LateClock();
    LineLimit slow = new LineLimit(early, count -> written.add("alone " + count));
    for (int i = 0; i < 11; i++) {
      slow.write(leftOut -> written.add("line " + leftOut));
    }

    early.timers.remove(0).run();
    assertThat(written).hasSize(10);
    early.now += LineLimit.INTERVAL_NANOS;
    early.timers.remove(0).run();

    assertThat(written).hasSize(11).last().isEqualTo("alone 1");
    assertThat(early.timers).isEmpty();
  }

  /** A clock whose timers go off when a test says so. */
  private static final class LateClock implements LimitClock {
    private long now = Long.MAX_VALUE;
    private final List<Runnable> timers = new ArrayList<>();

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void later(long nanos, Runnable task) {
      timers.add(task);
    }
  }

  @Test
  void flush_withLinesLeftOut_writesTheCountOnce() {
    write(12);

    limit.flush();
    limit.flush();
    clock.advance(Duration.ofDays(1));

    assertThat(written).hasSize(11).last().isEqualTo("alone 2");
  }

  /** In any minute, not only in those that begin at a full one. */
  @Property(tries = 300)
  void write_anyTimes_staysBelowTenInAnyMinuteAndAddsUp(
      @ForAll @Size(max = 300) List<@LongRange(max = 20_000) Long> pauses) {
    ManualLimitClock time = new ManualLimitClock();
    long start = time.nanoTime();
    List<Long> at = new ArrayList<>();
    AtomicLong lines = new AtomicLong();
    AtomicLong leftOut = new AtomicLong();
    LineLimit limit =
        new LineLimit(
            time,
            count -> {
              at.add(time.nanoTime() - start);
              leftOut.addAndGet(count);
            });
    for (long pause : pauses) {
      time.advance(Duration.ofMillis(pause));
      limit.write(
          count -> {
            at.add(time.nanoTime() - start);
            lines.incrementAndGet();
            leftOut.addAndGet(count);
          });
    }
    time.advance(Duration.ofMinutes(2));

    assertThat(lines.get() + leftOut.get()).isEqualTo(pauses.size());
    assertThat(IntStream.range(0, Math.max(0, at.size() - 10)))
        .allMatch(i -> at.get(i + 10) - at.get(i) >= LineLimit.INTERVAL_NANOS);
  }

  @Test
  void write_manyThreads_addUp() throws Exception {
    AtomicLong lines = new AtomicLong();
    AtomicLong leftOut = new AtomicLong();
    LineLimit shared = new LineLimit(clock, leftOut::addAndGet);
    Callable<Void> writer =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            shared.write(count -> lines.incrementAndGet());
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      threads.invokeAll(List.of(writer, writer, writer, writer));
    } finally {
      threads.shutdown();
    }
    clock.advance(Duration.ofMinutes(1));

    assertThat(lines).hasValue(10);
    assertThat(LongStream.of(lines.get(), leftOut.get()).sum()).isEqualTo(40_000);
  }
}
