// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;

/**
 * What connected devices notice of a server that is stopped, or killed, and started again: who is
 * answered in its session, and who has to find out that it is gone and make a handshake.
 */
public final class Restart {
  /** What a device waits for an answer before it connects anew; those of CoAP wait 93 seconds. */
  private static final long TIMEOUT_MILLIS = 5000;

  private static final int DEVICES = 100;
  private static final int DEVICES_OF_QUICK = 10;
  private static final byte[] DATAGRAM = {1};

  private final int devices;

  public Restart(Effort effort) {
    this.devices = effort == Effort.QUICK ? DEVICES_OF_QUICK : DEVICES;
  }

  /** How the server ends. */
  private enum End {
    /** As it should. */
    STOPPED,
    /** With {@code kill -9}. */
    KILLED;

    @Override
    public String toString() {
      return this == STOPPED ? "stopped" : "killed";
    }
  }

  /**
   * Measures.
   *
   * @return by server and how it ends: figures by name
   * @throws IOException if a device does not connect, or a server does not start
   */
  public Map<String, Map<String, Double>> run() throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    for (ServerSpec.Peer peer : List.of(ServerSpec.Peer.LWM2M_CREDS, ServerSpec.Peer.LESHAN)) {
      for (End end : End.values()) {
        String name = peer + " " + end;
        Map<String, Double> result = measure(peer, end);
        System.out.println(name + " " + result);
        figures.put(name, result);
      }
    }
    return figures;
  }

  private Map<String, Double> measure(ServerSpec.Peer peer, End end)
      throws IOException, InterruptedException {
    Path path = Files.createTempDirectory("lwm2m-creds-restart");
    try (Folder folder = Folder.owning(path)) {
      folder.sqlite(devices).close();
      return measure(peer, end, path);
    }
  }

  private Map<String, Double> measure(ServerSpec.Peer peer, End end, Path path)
      throws IOException, InterruptedException {
    List<DeviceClient> clients = new ArrayList<>();
    Running server = Running.start(peer, path, 0);
    try {
      for (int i = 0; i < devices; i++) {
        clients.add(connected(server.port(), i));
      }
      if (end == End.KILLED) {
        awaitSnapshot(peer, path.resolve("sessions"));
        server.kill();
      } else {
        server.stop();
      }
      server = Running.start(peer, path, server.port());
      return update(clients);
    } finally {
      clients.forEach(DeviceClient::close);
      server.stop(); // before its folder goes, into which it writes
    }
  }

  private DeviceClient connected(int port, int number) throws IOException, InterruptedException {
    DeviceClient client =
        new DeviceClient(
            port,
            new Fleet(devices, false, number, devices),
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            DeviceClient.Mode.SESSION);
    client.chooseDevice();
    if (client.exchange(DATAGRAM, TIMEOUT_MILLIS) == null) {
      client.close();
      throw new IOException("device " + number + " has not connected");
    }
    return client;
  }

  /** Waits for one that was begun after the last device had connected: the second new one. */
  private static void awaitSnapshot(ServerSpec.Peer peer, Path file)
      throws IOException, InterruptedException {
    if (peer != ServerSpec.Peer.LWM2M_CREDS) {
      return; // which saves none
    }
    Object before = null;
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    for (int seen = 0; seen < 3; TimeUnit.MILLISECONDS.sleep(10)) {
      Object now =
          Files.exists(file)
              ? Files.readAttributes(file, "unix:ino,lastModifiedTime").toString()
              : null;
      if (now != null && !now.equals(before)) {
        before = now;
        seen++;
      }
      if (System.nanoTime() > end) {
        throw new IOException("the server has saved no sessions");
      }
    }
  }

  /** Sends one datagram of each device, all at a time, and again with a handshake if need be. */
  private Map<String, Double> update(List<DeviceClient> clients) throws InterruptedException {
    long start = System.nanoTime();
    double[] millis = new double[clients.size()];
    boolean[] answered = new boolean[clients.size()];
    boolean[] lost = new boolean[clients.size()];
    int before = clients.stream().mapToInt(DeviceClient::fullHandshakes).sum();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      int device = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  DeviceClient client = clients.get(device);
                  answered[device] = client.exchange(DATAGRAM, TIMEOUT_MILLIS) != null;
                  lost[device] =
                      !answered[device] && client.reconnect(DATAGRAM, TIMEOUT_MILLIS) == null;
                  millis[device] = (System.nanoTime() - start) / 1e6;
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int handshakes = clients.stream().mapToInt(DeviceClient::fullHandshakes).sum() - before;
    Arrays.sort(millis);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("devices", (double) clients.size());
    figures.put("answeredInSession", (double) count(answered));
    figures.put("handshakes", (double) handshakes);
    figures.put("lost", (double) count(lost));
    figures.put("medianMillis", millis[millis.length / 2]);
    figures.put("slowestMillis", millis[millis.length - 1]);
    return figures;
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }

  /** A server's process. */
  private record Running(Process process, int port) {
    static Running start(ServerSpec.Peer peer, Path folder, int port) throws IOException {
      Process process =
          new ProcessBuilder(
                  System.getProperty("java.home")
                      + File.separator
                      + "bin"
                      + File.separator
                      + "java",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RestartServer.class.getName(),
                  peer.name(),
                  folder.toString(),
                  Integer.toString(port))
              .redirectError(ProcessBuilder.Redirect.DISCARD) // what a library's server logs
              .start();
      return new Running(process, ServerProcess.readPort(process.inputReader()));
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    void stop() throws IOException, InterruptedException {
      process.outputWriter().close();
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        kill();
      }
    }
  }
}
