// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.SavedSessions;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to compare all sessions of a server with its store; none of them is over. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(2)
public class SessionSweepBenchmark {
  @Param({"IN_MEMORY", "MIRROR"})
  private FilledStore.Kind store;

  @Param({"10000", "100000", "1000000"})
  private int devices;

  private FilledStore filled;
  private PskServerConnector connector;

  @Setup
  public void load() throws IOException, NonUniqueSecurityInfoException {
    filled = new FilledStore(store, devices);
    PskLookup lookup = filled.lookup().orElseThrow();
    connector =
        new PskServerConnector(
            LwM2mDtls.server(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), filled.pskStore())
                .set(DtlsConfig.DTLS_MAX_CONNECTIONS, devices)
                .build(),
            lookup);
    connector.load(new BufferedInputStream(new SavedSessions(devices), 1 << 16), 0);
  }

  @TearDown
  public void close() throws IOException {
    connector.destroy();
    filled.close();
  }

  @Benchmark
  public int sweep() {
    int ended = connector.sweep().join();
    if (ended != 0) {
      throw new IllegalStateException(ended + " sessions were ended, and all were good");
    }
    return ended;
  }
}
