// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;

/**
 * What a rolling restart costs devices: two Leshan servers behind one address, of which one after
 * the other is restarted while the devices send something each second.
 */
public final class Rolling {
  private static final int DEVICES = 40;

  /** A CoAP ping (RFC 7252 §4.3). */
  private static final byte[] PING = {0x40, 0, 0x12, 0x34};

  private static final long SEND_MILLIS = 1000;

  /** When a device takes its session for lost. CoAP's own time would be 93 s. */
  private static final long PATIENCE_MILLIS = 45_000;

  private static final long SETTLE_MILLIS = 2 * PATIENCE_MILLIS;

  private final Effort effort;

  public Rolling(Effort effort) {
    this.effort = effort;
  }

  /** Whose servers. */
  private enum Kind {
    /** {@code PskServer}, as nodes of a cluster that keep their sessions. */
    LWM2M_CREDS,
    /** Stock Leshan servers. */
    LESHAN;

    @Override
    public String toString() {
      return this == LESHAN ? "Leshan" : "lwm2m-creds";
    }
  }

  /**
   * Measures.
   *
   * @return by server and round: figures by name
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    for (int round = 1; round <= effort.forks(); round++) {
      for (Kind kind : Kind.values()) {
        Map<String, Double> result = measure(kind);
        String name = kind + " " + round;
        System.out.println(name + " " + result);
        figures.put(name, result);
      }
    }
    return figures;
  }

  private Map<String, Double> measure(Kind kind) throws IOException, InterruptedException {
    try (Folder folder = new Folder()) {
      folder.sqlite(DEVICES).close();
      List<String> cluster = List.of(freePort(), freePort());
      ServerProcess[] servers = new ServerProcess[2];
      int[] ports = new int[2];
      for (int i = 0; i < 2; i++) {
        servers[i] = start(kind, folder, i, ports[i], cluster);
        ports[i] = servers[i].port();
      }
      List<Device> devices = new ArrayList<>();
      try (Balancer balancer = new Balancer(ports)) {
        for (int i = 0; i < DEVICES; i++) {
          devices.add(new Device(i, balancer.port()));
        }
        devices.forEach(Thread::start);
        awaitAnswers(devices);
        long hellos = balancer.clientHellos();
        long handshakes = handshakes(devices);
        devices.forEach(Device::beginMeasuring);
        double restarts = 0;
        for (int i = 0; i < 2; i++) {
          long begun = System.nanoTime();
          balancer.leaveOut(i);
          servers[i].close();
          servers[i] = start(kind, folder, i, ports[i], cluster);
          balancer.leaveOutNone();
          restarts += (System.nanoTime() - begun) / 1e9;
          awaitAnswers(devices);
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("devices", (double) DEVICES);
        figures.put("clientHellos", (double) balancer.clientHellos() - hellos);
        figures.put("gaveUpTheirSession", (double) handshakes(devices) - handshakes);
        addGaps(figures, devices);
        figures.put("secondsOfARestart", restarts / 2);
        return figures;
      } finally {
        for (Device device : devices) {
          device.end();
        }
        for (ServerProcess server : servers) {
          server.close();
        }
      }
    }
  }

  /** Waits until each device has been answered from now on, and a little longer. */
  private static void awaitAnswers(List<Device> devices) throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (!devices.stream().allMatch(device -> device.lastAnswer - since > 0)) {
      if (System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS)) {
        throw new IOException("some devices have had no answer for " + SETTLE_MILLIS + " ms");
      }
      Thread.sleep(SEND_MILLIS);
    }
    Thread.sleep(5 * SEND_MILLIS);
  }

  private static long handshakes(List<Device> devices) {
    return devices.stream().mapToLong(device -> device.givenUp).sum();
  }

  private static void addGaps(Map<String, Double> figures, List<Device> devices) {
    double[] gaps = devices.stream().mapToDouble(Device::longestGap).sorted().toArray();
    figures.put("medianSecondsWithoutAnswer", gaps[gaps.length / 2]);
    figures.put("longestSecondsWithoutAnswer", gaps[gaps.length - 1]);
  }

  private static ServerProcess start(
      Kind kind, Folder folder, int index, int port, List<String> cluster) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(Integer.toString(port)));
    if (kind == Kind.LESHAN) {
      arguments.add(Integer.toString(DEVICES));
    } else {
      Path store = folder.sqliteFile();
      arguments.addAll(List.of(store.toString(), Integer.toString(index + 1)));
      arguments.addAll(cluster);
    }
    return ServerProcess.start(RollingServer.class, arguments);
  }

  private static String freePort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  /** Sends a ping each second; makes a new handshake when it has had no answer for too long. */
  private static final class Device extends Thread {
    private final InetSocketAddress server;
    private final DTLSConnector connector;
    private volatile boolean ended;
    private volatile long givenUp;
    private volatile long lastAnswer = System.nanoTime();
    private volatile long longestGap;

    Device(int number, int port) throws IOException {
      super("device " + number);
      server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      connector =
          new DTLSConnector(
              LwM2mDtls.device(
                      DeviceCredential.of(
                          Fleet.endpoint(number), PreSharedKey.copyOf(Fleet.key(number))))
                  .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                  .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
                  .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
                  .build());
      connector.setRawDataReceiver(answer -> answered());
      connector.start();
    }

    private void answered() {
      long now = System.nanoTime();
      longestGap = Math.max(longestGap, now - lastAnswer);
      lastAnswer = now;
    }

    void beginMeasuring() {
      longestGap = 0;
      lastAnswer = System.nanoTime();
    }

    double longestGap() {
      return Math.max(longestGap, System.nanoTime() - lastAnswer) / 1e9;
    }

    @Override
    public void run() {
      long sinceHandshake = System.nanoTime();
      try {
        while (!ended) {
          long quiet = System.nanoTime() - Math.max(lastAnswer, sinceHandshake);
          if (quiet > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            connector.forceResumeAllSessions(); // the next message begins with a handshake
            givenUp++;
            sinceHandshake = System.nanoTime();
          }
          connector.send(RawData.outbound(PING, new AddressEndpointContext(server), null, false));
          Thread.sleep(SEND_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void end() throws InterruptedException {
      ended = true;
      join();
      connector.destroy();
    }
  }
}
