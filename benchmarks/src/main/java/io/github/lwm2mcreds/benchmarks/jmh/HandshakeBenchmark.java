// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.benchmarks.contest.DeviceClient;
import io.github.lwm2mcreds.benchmarks.contest.Request;
import io.github.lwm2mcreds.benchmarks.contest.ServerProcess;
import io.github.lwm2mcreds.benchmarks.contest.ServerSpec;
import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * DTLS 1.2 handshakes with a pre-shared key over the loopback interface, each with one datagram and
 * its echo, or a registration. The server runs in its own process, and {@link ServerCost} reports
 * what a handshake costs it. The devices run here, as many at a time as there are threads.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(2)
public class HandshakeBenchmark {
  private static final long TIMEOUT_MILLIS = 20_000;

  /** The server. */
  @State(Scope.Benchmark)
  public static class Server {
    @Param("LWM2M_CREDS")
    private ServerSpec.Peer peer;

    @Param({"SCANDIUM_SINGLE", "IN_MEMORY", "MIRROR", "DERIVED", "SQLITE", "LESHAN"})
    private FilledStore.Kind store;

    @Param("100000")
    private int devices;

    @Param("TLS_PSK_WITH_AES_128_CCM_8")
    private String suite;

    @Param("true")
    private boolean helloVerify;

    @Param("FULL")
    private DeviceClient.Mode mode;

    private ServerProcess process;

    @Setup
    public void start() throws IOException {
      process = ServerProcess.start(spec());
      ServerCost.measure(process);
    }

    private ServerSpec spec() {
      int fleet = store == FilledStore.Kind.SCANDIUM_SINGLE ? 1 : devices;
      return new ServerSpec(peer, store, fleet, CipherSuite.getTypeByName(suite), helloVerify);
    }

    @TearDown
    public void stop() throws IOException {
      process.close();
    }
  }

  /** A device. */
  @State(Scope.Thread)
  public static class Device {
    private DeviceClient client;
    private Request request;

    @Setup
    public void connect(Server server, ThreadParams threads) throws IOException {
      ServerSpec spec = server.spec();
      Fleet fleet = spec.share(threads.getThreadIndex(), threads.getThreadCount());
      client = new DeviceClient(server.process.port(), fleet, spec.suite(), server.mode);
      request = Request.to(spec.peer());
    }

    @TearDown
    public void close() {
      client.close();
    }
  }

  @Benchmark
  public void handshake(Device device) throws InterruptedException {
    device.client.chooseDevice();
    byte[] datagram = device.request.of(device.client.device());
    byte[] answer = device.client.exchange(datagram, TIMEOUT_MILLIS);
    if (answer == null || !device.request.isAnswered(answer)) {
      throw new IllegalStateException("no answer within " + TIMEOUT_MILLIS + " ms");
    }
  }
}
