// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleLogger;

/** Programs with SLF4J and without, each as a class loader of its own that has what they have. */
class LineSinkTest {
  private static URLClassLoader program(Class<?>... ofLibraries) {
    URL[] urls =
        Stream.concat(Stream.of(Event.class), Stream.of(ofLibraries))
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  /** Logs an event of each level. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // Event is another class there
  private static void logIn(ClassLoader program) throws Exception {
    Class<?> line = program.loadClass(EventLine.class.getName());
    Method put = line.getMethod("put", String.class, String.class);
    Method stackTrace = line.getMethod("stackTrace", Throwable.class);
    Class<? extends Enum> event = program.loadClass(Event.class.getName()).asSubclass(Enum.class);
    Method log =
        program.loadClass(EventLog.class.getName()).getMethod("log", event, Consumer.class);
    Consumer<Object> plain = it -> call(put, it, "store", "{}");
    Consumer<Object> bug = it -> call(stackTrace, it, new IllegalStateException("of a test"));
    log.invoke(null, Enum.valueOf(event, "MIRROR_RESUMED"), plain);
    log.invoke(null, Enum.valueOf(event, "MIRROR_LOST"), plain);
    log.invoke(null, Enum.valueOf(event, "DATAGRAM_FAILED"), bug);
  }

  private static void call(Method method, Object target, Object... arguments) {
    try {
      method.invoke(target, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void events_programWithoutSlf4j_goToTheRuntimesLogger() throws Exception {
    List<LogRecord> records = new ArrayList<>();
    Handler handler = new Records(records);
    Logger events = Logger.getLogger("io.github.lwm2mcreds.event");
    events.addHandler(handler);
    events.setUseParentHandlers(false);
    try (URLClassLoader program = program()) {
      logIn(program);
    } finally {
      events.removeHandler(handler);
      events.setUseParentHandlers(true);
    }

    assertThat(records)
        .extracting(it -> it.getLoggerName() + " " + it.getLevel() + " " + it.getMessage())
        .containsExactly(
            "io.github.lwm2mcreds.event.mirror-resumed INFO mirror-resumed store={}",
            "io.github.lwm2mcreds.event.mirror-lost WARNING mirror-lost store={}",
            "io.github.lwm2mcreds.event.datagram-failed SEVERE datagram-failed"
                + " failure=\"IllegalStateException: of a test\"");
    assertThat(records.get(2).getThrown()).isInstanceOf(IllegalStateException.class);
  }

  private static final class Records extends Handler {
    private final List<LogRecord> records;

    Records(List<LogRecord> records) {
      this.records = records;
    }

    @Override
    public void publish(LogRecord logged) {
      records.add(logged);
    }

    @Override
    public void flush() {
      // nothing waits
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  @Test
  void events_programWithSlf4j_goToItsLogger() throws Exception {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(written, true, UTF_8));
    ClassLoader ofTests = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader program = program(LoggerFactory.class, SimpleLogger.class)) {
      Thread.currentThread().setContextClassLoader(program); // it has no settings for SLF4J
      logIn(program);
    } finally {
      Thread.currentThread().setContextClassLoader(ofTests);
      System.setErr(before);
    }

    assertThat(written.toString(UTF_8).lines().filter(line -> line.startsWith("[")))
        .containsExactly(
            "[main] INFO io.github.lwm2mcreds.event.mirror-resumed - mirror-resumed store={}",
            "[main] WARN io.github.lwm2mcreds.event.mirror-lost - mirror-lost store={}",
            "[main] ERROR io.github.lwm2mcreds.event.datagram-failed - datagram-failed"
                + " failure=\"IllegalStateException: of a test\"");
    assertThat(written.toString(UTF_8)).contains("at " + LineSinkTest.class.getName());
  }

  @Test
  void ofProgram_loggersThatAreOff_wantNoLines() {
    LineSink sink = LineSink.ofProgram(); // of the tests, whose SLF4J is off

    assertThat(sink).isInstanceOf(Slf4jLines.class);
    assertThat(Event.values()).noneMatch(sink::isEnabled);
  }
}
