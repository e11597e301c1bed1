// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.SavedSessions;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.PskSessions;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long a server takes to stop and save all sessions in a file, and to start and load them. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(2)
public class SessionFileBenchmark {
  /** A server with a session of each device. */
  @State(Scope.Thread)
  public static class Server {
    @Param({"10000", "100000", "1000000"})
    private int devices;

    private FilledStore filled;
    private Path folder;
    private PskServerConnector connector;

    @Setup
    public void fill() throws IOException, NonUniqueSecurityInfoException {
      filled = new FilledStore(FilledStore.Kind.MIRROR, devices);
      folder = Files.createTempDirectory("lwm2m-creds-benchmark");
      PskLookup lookup = filled.lookup().orElseThrow();
      PskSessions sessions =
          PskSessions.of(
                  LwM2mDtls.server(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                          filled.pskStore())
                      .set(DtlsConfig.DTLS_MAX_CONNECTIONS, devices)
                      .build(),
                  lookup)
              .keptIn(
                  SessionFile.of(folder.resolve("sessions"), lookup).snapshotsEvery(Duration.ZERO));
      connector = new PskServerConnector(sessions);
      connector.setRawDataReceiver(received -> {});
      connector.load(new BufferedInputStream(new SavedSessions(devices), 1 << 16), 0);
    }

    void start() throws IOException {
      connector.start();
    }

    void run() throws IOException {
      start();
      connector.sweep().join(); // which each start begins, too
    }

    void stop() {
      connector.stop();
    }

    @TearDown
    public void close() throws IOException {
      connector.destroy();
      filled.close();
      for (String left : new String[] {"sessions", "sessions.lock"}) {
        Files.deleteIfExists(folder.resolve(left));
      }
      Files.delete(folder);
    }
  }

  /** One that runs, to be stopped. */
  @State(Scope.Thread)
  public static class Running extends Server {
    @Setup(Level.Invocation)
    public void ready() throws IOException {
      run();
    }
  }

  /** One that has stopped, to be started. */
  @State(Scope.Thread)
  public static class Stopped extends Server {
    @Setup(Level.Invocation)
    public void ready() throws IOException {
      run();
      stop();
    }
  }

  @Benchmark
  public void save(Running server) {
    server.stop();
  }

  @Benchmark
  public void load(Stopped server) throws IOException {
    server.start();
  }
}
