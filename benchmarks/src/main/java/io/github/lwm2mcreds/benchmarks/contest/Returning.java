// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A fleet whose devices all connect: each makes a full handshake from an address and port of its
 * own, waits for an echo, and is gone without a word. A number of them connect at a time; a device
 * sends again what is not answered, as DTLS asks it to.
 *
 * <p>The addresses are those of Linux's loopback interface, 127.0.0.0/8.
 */
final class Returning {
  /** How many handshakes a server has made before its time counts. */
  static final int WARM_UP = 5000;

  /** As many as there are addresses for. */
  static final int MAX_DEVICES = 5_000_000;

  private static final int AT_A_TIME = 256;
  private static final int FIRST_PORT = 10_000;
  private static final int PORTS = 20_000;
  private static final int OTHER_PORTS = 25_000;

  /** RFC 6347, section 4.2.4.1. */
  private static final long FIRST_TIMEOUT = TimeUnit.SECONDS.toNanos(1);

  /** After the third retransmission. */
  private static final long GIVEN_UP = TimeUnit.SECONDS.toNanos(10);

  private static final long TICK_MILLIS = 50;
  private static final long PROGRESS = TimeUnit.SECONDS.toNanos(10);

  /** A server that turns away so many in a row turns away the others, too. */
  private static final int HOPELESS = 1000;

  private final Random randoms = new Random();
  private final ByteBuffer received = ByteBuffer.allocate(2048);
  private final InetSocketAddress server;
  private final Fleet fleet;
  private final int devices;
  private final int round;
  private final String name;
  private final List<Device> underWay = new ArrayList<>();
  private final int[] micros;
  private int begun;
  private int in;
  private int failed;
  private int failedInARow;
  private int retransmissions;
  private double seconds;

  /**
   * Describes a fleet.
   *
   * @param port the server's, on loopback
   * @param devices how many of the fleet
   * @param round from 0 to 9; the devices of another round have other addresses
   * @param name begins the lines that show progress; none if it is empty
   */
  Returning(int port, Fleet fleet, int devices, int round, String name) {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.fleet = fleet;
    this.devices = devices;
    this.round = round;
    this.name = name;
    this.micros = new int[devices];
  }

  /** Connects all devices, or gives up if the server turns away very many in a row. */
  void run() throws IOException {
    long start = System.nanoTime();
    long nextTick = start;
    long nextProgress = start + PROGRESS;
    try (Selector selector = Selector.open()) {
      while (failedInARow < HOPELESS && (begun < devices || !underWay.isEmpty())) {
        while (begun < devices && underWay.size() < AT_A_TIME) {
          underWay.add(new Device(selector, begun++));
        }
        selector.select(selected -> receive((Device) selected.attachment()), TICK_MILLIS);
        long now = System.nanoTime();
        if (now - nextTick >= 0) {
          underWay.forEach(device -> device.sendAgainIfDue(now));
          nextTick = now + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        }
        underWay.removeIf(Device::isOver);
        if (now - nextProgress >= 0) {
          progress((now - start) / 1e9);
          nextProgress = now + PROGRESS;
        }
      }
    } finally {
      underWay.forEach(Device::close);
    }
    seconds = (System.nanoTime() - start) / 1e9;
  }

  private void progress(double elapsed) {
    if (!name.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%s: %d of %d in after %.0f s, %d failed%n",
          name,
          in,
          devices,
          elapsed,
          failed);
    }
  }

  /** Returns figures by name; latencies are those of the devices that got in. */
  Map<String, Double> figures() {
    int[] sorted = Arrays.copyOf(micros, in);
    Arrays.sort(sorted);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("devices", (double) devices);
    figures.put("tried", (double) begun);
    figures.put("in", (double) in);
    figures.put("failed", (double) failed);
    figures.put("retransmissions", (double) retransmissions);
    figures.put("seconds", seconds);
    figures.put("perSecond", in / seconds);
    figures.put("medianMillis", quantile(sorted, 0.5));
    figures.put("p99Millis", quantile(sorted, 0.99));
    return figures;
  }

  private static double quantile(int[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e3;
  }

  private void receive(Device device) {
    try {
      device.receive();
    } catch (PortUnreachableException e) {
      throw new UncheckedIOException("the server is gone", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Device {
    private final DatagramChannel channel;
    private final PskHandshake handshake;
    private final long start = System.nanoTime();
    private long timeout = FIRST_TIMEOUT;
    private long due = start + timeout;
    private boolean isOver;

    Device(Selector selector, int number) throws IOException {
      byte[] random = new byte[32];
      randoms.nextBytes(random);
      handshake = new PskHandshake(Fleet.identity(number), fleet.keyOf(number), random);
      channel = bound(number);
      channel.configureBlocking(false);
      channel.connect(server);
      channel.register(selector, SelectionKey.OP_READ, this);
      send();
    }

    /** A port that another process has taken on all addresses is passed over. */
    private DatagramChannel bound(int number) throws IOException {
      int port = FIRST_PORT + number % PORTS;
      try {
        return bound(number, port);
      } catch (BindException e) {
        return bound(number, port + OTHER_PORTS);
      }
    }

    private DatagramChannel bound(int number, int port) throws IOException {
      byte[] address = {127, (byte) (10 + round), (byte) (number / PORTS), 1};
      DatagramChannel bound = DatagramChannel.open();
      try {
        return bound.bind(new InetSocketAddress(InetAddress.getByAddress(address), port));
      } catch (IOException e) {
        bound.close();
        throw e;
      }
    }

    private void send() {
      try {
        channel.write(ByteBuffer.wrap(handshake.datagram()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    void receive() throws IOException, GeneralSecurityException {
      boolean isNew = false;
      received.clear();
      while (!isOver && channel.read(received) > 0) {
        isNew |= handshake.receive(received.flip());
        received.clear();
      }
      if (handshake.state() == PskHandshake.State.DONE) {
        micros[in++] = (int) TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        failedInARow = 0;
        close();
      } else if (handshake.state() == PskHandshake.State.REFUSED) {
        fail();
      } else if (isNew) {
        timeout = FIRST_TIMEOUT;
        due = System.nanoTime() + timeout;
        send();
      }
    }

    void sendAgainIfDue(long now) {
      if (isOver || now - due < 0) {
        return;
      }
      if (now - start > GIVEN_UP) {
        fail();
        return;
      }
      retransmissions++;
      timeout *= 2;
      due = now + timeout;
      send();
    }

    private void fail() {
      failed++;
      failedInARow++;
      close();
    }

    boolean isOver() {
      return isOver;
    }

    void close() {
      isOver = true;
      try {
        channel.close();
      } catch (IOException e) {
        // it was needed for one handshake only
      }
    }
  }
}
