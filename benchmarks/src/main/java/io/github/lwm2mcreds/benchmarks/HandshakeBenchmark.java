package io.github.lwm2mcreds.benchmarks;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.MirroredCredentialStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
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

/**
 * A full DTLS 1.2 handshake with a pre-shared key over the loopback interface, and one datagram and
 * its echo; both sides in this process.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(2)
public class HandshakeBenchmark {
  private static final int DEVICE = 4711;
  private static final long TIMEOUT_SECONDS = 20;

  /** Which store the server asks. */
  public enum Store {
    /** Scandium's store of one key, which has nothing to look for. */
    SINGLE,
    /** {@link InMemoryCredentialStore}. */
    IN_MEMORY,
    /** {@link MirroredCredentialStore}. */
    MIRROR
  }

  @Param({"SINGLE", "IN_MEMORY", "MIRROR"})
  private Store store;

  @Param("100000")
  private int devices;

  private final Semaphore echoes = new Semaphore(0);
  private DTLSConnector server;
  private DTLSConnector device;
  private AutoCloseable toClose = () -> {};
  private Folder folder;

  @Setup
  public void connect() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = new DTLSConnector(LwM2mDtls.server(anyPort, pskStore()).build());
    server.setRawDataReceiver(
        received ->
            server.send(
                RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false)));
    server.start();
    DeviceCredential credential = Fleet.credential(DEVICE);
    device = new DTLSConnector(LwM2mDtls.device(credential).setAddress(anyPort).build());
    device.setRawDataReceiver(received -> echoes.release());
    device.start();
  }

  private PskStore pskStore() throws IOException {
    Fleet fleet = new Fleet(devices);
    CredentialStore credentials =
        switch (store) {
          case SINGLE -> null;
          case IN_MEMORY -> new InMemoryCredentialStore();
          case MIRROR -> {
            folder = new Folder();
            MirroredCredentialStore mirror = MirroredCredentialStore.of(folder.sqlite(devices));
            toClose = mirror;
            yield mirror;
          }
        };
    if (credentials == null) {
      return new SinglePskStore(
          PskPublicInformation.fromByteArray(Fleet.identity(DEVICE)), Fleet.key(DEVICE));
    }
    if (store == Store.IN_MEMORY) {
      fleet.putInto(credentials);
    }
    return new ScandiumPskStore(credentials);
  }

  @TearDown
  public void close() throws Exception {
    device.destroy();
    server.destroy();
    toClose.close();
    if (folder != null) {
      folder.close();
    }
  }

  @Benchmark
  public void handshake() throws InterruptedException {
    device.send(
        RawData.outbound(
            new byte[] {1},
            new MapBasedEndpointContext(
                server.getAddress(), null, DtlsEndpointContext.ATTRIBUE_HANDSHAKE_MODE_FORCE_FULL),
            null,
            false));
    if (!echoes.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no echo within " + TIMEOUT_SECONDS + " s");
    }
  }
}
