// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private final LoggedEvents logged = new LoggedEvents();

  @AfterEach
  void close() {
    logged.close();
  }

  private static void refuse(TimeUnit reason, String identity) {
    EventLog.log(Event.HANDSHAKE_REFUSED, reason, line -> line.put("identity", identity));
  }

  @Test
  void log_event_isOneLineOfKeysAndValues() throws Exception {
    InetAddress v6 = InetAddress.getByName("::1");
    EventLog.log(
        Event.HANDSHAKE_REFUSED,
        TimeUnit.MILLISECONDS,
        line ->
            line.put("peer", new InetSocketAddress("127.0.0.1", 5684))
                .put("other", new InetSocketAddress(v6, 1))
                .put("none", (InetSocketAddress) null)
                .put("number", 17)
                .put("word", "sensor-1")
                .put("words", "a key=\"value\"")
                .put("empty", ""));

    assertThat(logged.all())
        .containsExactly(
            "WARNING handshake-refused reason=milliseconds peer=127.0.0.1:5684"
                + " other=[0:0:0:0:0:0:0:1]:1 number=17 word=sensor-1"
                + " words=\"a key=\\\"value\\\"\" empty=\"\"");
  }

  @Test
  void put_textThatForgesALine_isEscaped() {
    EventLog.log(
        Event.KEY_UNREADABLE,
        line ->
            line.put("a", "x\nERROR y").put("b", "\u00a0").put("c", "\\").putEscaped("d", "\\x0a"));

    assertThat(logged.all())
        .containsExactly("WARNING key-unreadable a=\"x\\u000aERROR y\" b=\\u00a0 c=\\\\ d=\\x0a");
  }

  @Test
  void put_longText_isCut() {
    EventLog.log(Event.KEY_UNREADABLE, line -> line.put("a", "x".repeat(100_000)));

    assertThat(logged.all()).containsExactly("WARNING key-unreadable a=" + "x".repeat(1_000) + "…");
  }

  @Test
  void log_failure_tellsItsKindAndMessage() {
    EventLog.log(
        Event.MIRROR_LOST,
        line -> line.failure(new IllegalStateException("out of reach")).failure(new Error()));

    assertThat(logged.all())
        .containsExactly(
            "WARNING mirror-lost failure=\"IllegalStateException: out of reach\" failure=Error");
    assertThat(logged.thrown()).isEmpty();
  }

  @Test
  void log_moreThanTenOfAReason_hidesNoOther() {
    for (int i = 0; i < 1_000; i++) {
      refuse(TimeUnit.DAYS, "d" + i);
    }
    refuse(TimeUnit.HOURS, "h");
    EventLog.log(Event.MIRROR_RESUMED, line -> line.put("store", "s"));

    assertThat(logged.all()).hasSize(12);
    assertThat(logged.all().subList(10, 12))
        .containsExactly(
            "WARNING handshake-refused reason=hours identity=h", "INFO mirror-resumed store=s");
    logged.advance(Duration.ofMinutes(1));
    assertThat(logged.all()).last().isEqualTo("WARNING handshake-refused reason=days left-out=990");
  }

  @Property(tries = 100)
  void log_anyEvents_areTenAMinuteForEachReasonAndAddUp(
      @ForAll @Size(max = 400) List<TimeUnit> reasons) {
    try (LoggedEvents all = new LoggedEvents()) {
      reasons.forEach(reason -> refuse(reason, "i"));

      assertThat(all.all())
          .hasSizeLessThanOrEqualTo(10 * (int) reasons.stream().distinct().count());
      all.advance(Duration.ofMinutes(1));
      long written = all.all().stream().filter(line -> line.contains("identity=i")).count();
      assertThat(written + LoggedEvents.leftOut(all.all().stream())).isEqualTo(reasons.size());
    }
  }

  @Test
  void log_whatIsLeftOut_makesNoText() {
    AtomicInteger made = new AtomicInteger();
    for (int i = 0; i < 1_000; i++) {
      EventLog.log(Event.HANDSHAKE_REFUSED, line -> line.put("n", made.incrementAndGet()));
    }

    assertThat(made).hasValue(10);
  }

  @Test
  void log_loggerThatThrows_disturbsNobody() {
    EventLog broken =
        new EventLog(
            new LineSink() {
              @Override
              public boolean isEnabled(Event event) {
                return true;
              }

              @Override
              public void write(Event event, String line, Throwable thrown) {
                throw new IllegalStateException("the disk is full");
              }
            },
            LimitClock.SYSTEM);
    EventLog before = EventLog.exchange(broken);
    try {
      EventLog.log(Event.SESSION_ENDED, line -> line.put("identity", "a"));
    } finally {
      EventLog.exchange(before);
    }
  }
}
