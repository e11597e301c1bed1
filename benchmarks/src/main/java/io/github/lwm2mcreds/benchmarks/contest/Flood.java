// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Peers without a right key. Each goes through a DTLS handshake from its own port, up to a Finished
 * of random bytes, in other networks than the devices, or only up to the server's hello, and
 * answers nothing after that.
 */
final class Flood implements Runnable {
  /** So many that a port is used again only long after its last handshake. */
  private static final int PORTS = 8192;

  private static final int HEADERS = 25;
  private static final byte CLIENT_HELLO = 1;
  private static final byte SERVER_HELLO = 2;
  private static final byte HELLO_VERIFY_REQUEST = 3;
  private static final byte CLIENT_KEY_EXCHANGE = 16;
  private static final byte CHANGE_CIPHER_SPEC = 20;
  private static final byte HANDSHAKE = 22;

  private final Random random = new Random(1);
  private final List<Attacker> attackers = new ArrayList<>();
  private final SocketAddress server;
  private final Supplier<byte[]> identities;
  private final double perSecond;
  private final boolean halfOpen;
  private final int networks;
  private volatile boolean stopped;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();

  /**
   * Describes a flood.
   *
   * @param port the server's, on loopback
   * @param identities the PSK identities that the peers claim
   * @param perSecond how many handshakes begin a second
   * @param networks from how many networks, 16,000 at most, none of which is that of 127.0.0.1
   */
  Flood(int port, Supplier<byte[]> identities, double perSecond, int networks) {
    this(port, identities, perSecond, networks, false);
  }

  private Flood(
      int port, Supplier<byte[]> identities, double perSecond, int networks, boolean halfOpen) {
    this.halfOpen = halfOpen;
    this.networks = networks;
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.identities = identities;
    this.perSecond = perSecond;
  }

  /** Describes a flood whose peers prove their address and then answer nothing. */
  static Flood halfOpen(int port, double perSecond) {
    return new Flood(port, () -> new byte[0], perSecond, 1, true);
  }

  void stop() {
    stopped = true;
  }

  /** Returns how many handshakes were begun. */
  long begun() {
    return begun.get();
  }

  /** Returns how many handshakes went as far as the Finished. */
  long finished() {
    return finished.get();
  }

  @Override
  public void run() {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < PORTS; i++) {
        attackers.add(new Attacker(selector, i % networks));
      }
      attack(selector);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      attackers.forEach(Attacker::close);
    }
  }

  private void attack(Selector selector) throws IOException {
    long start = System.nanoTime();
    while (!stopped) {
      double due = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1) * perSecond;
      while (begun.get() < due) {
        attackers.get((int) (begun.getAndIncrement() % PORTS)).begin();
      }
      selector.select(key -> answer((Attacker) key.attachment()), 1);
    }
  }

  private void answer(Attacker attacker) {
    try {
      attacker.answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] record(byte type, int epoch, int sequence, byte[] content) {
    return ByteBuffer.allocate(13 + content.length)
        .put(type)
        .putShort((short) 0xfefd)
        .putShort((short) epoch)
        .putShort((short) 0)
        .putInt(sequence)
        .putShort((short) content.length)
        .put(content)
        .array();
  }

  private static byte[] message(byte type, int sequence, byte[] body) {
    return ByteBuffer.allocate(12 + body.length)
        .putInt(type << 24 | body.length)
        .putShort((short) sequence)
        .putShort((short) 0)
        .put((byte) 0)
        .put((byte) 0)
        .putShort((short) body.length)
        .put(body)
        .array();
  }

  private final class Attacker {
    private final ByteBuffer received = ByteBuffer.allocate(2048);
    private final byte[] hello = new byte[32];
    private final DatagramChannel channel;
    private int hellos;

    Attacker(Selector selector, int network) throws IOException {
      byte[] other = {127, (byte) (1 + network / 256), (byte) network, 1};
      byte[] address = halfOpen ? InetAddress.getLoopbackAddress().getAddress() : other;
      channel = DatagramChannel.open();
      channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void begin() throws IOException {
      random.nextBytes(hello);
      hellos = 0;
      sendHello(new byte[0]);
    }

    void answer() throws IOException {
      received.clear();
      channel.receive(received);
      if (received.position() <= HEADERS || received.get(0) != HANDSHAKE) {
        return;
      }
      if (received.get(13) == HELLO_VERIFY_REQUEST && hellos == 1) {
        int length = received.get(HEADERS + 2) & 0xff;
        sendHello(Arrays.copyOfRange(received.array(), HEADERS + 3, HEADERS + 3 + length));
      } else if (received.get(13) == SERVER_HELLO && hellos > 0 && !halfOpen) {
        finish();
      }
    }

    private void sendHello(byte[] cookie) throws IOException {
      byte[] body =
          ByteBuffer.allocate(48 + cookie.length)
              .putShort((short) 0xfefd)
              .put(hello)
              .put((byte) 0)
              .put((byte) cookie.length)
              .put(cookie)
              .put(new byte[] {0, 2, (byte) 0xc0, (byte) 0xa8, 1, 0, 0, 4, 0, 23, 0, 0})
              .array();
      send(record(HANDSHAKE, 0, hellos, message(CLIENT_HELLO, hellos, body)));
      hellos++;
    }

    private void finish() throws IOException {
      byte[] identity = identities.get();
      byte[] body =
          ByteBuffer.allocate(2 + identity.length)
              .putShort((short) identity.length)
              .put(identity)
              .array();
      byte[] encrypted = new byte[40];
      random.nextBytes(encrypted);
      ByteArrayOutputStream flight = new ByteArrayOutputStream();
      flight.writeBytes(record(HANDSHAKE, 0, hellos, message(CLIENT_KEY_EXCHANGE, hellos, body)));
      flight.writeBytes(record(CHANGE_CIPHER_SPEC, 0, hellos + 1, new byte[] {1}));
      flight.writeBytes(record(HANDSHAKE, 1, 0, encrypted));
      send(flight.toByteArray());
      hellos = 0;
      finished.incrementAndGet();
    }

    private void send(byte[] datagram) throws IOException {
      channel.send(ByteBuffer.wrap(datagram), server);
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // it was needed for the flood only
      }
    }
  }
}
