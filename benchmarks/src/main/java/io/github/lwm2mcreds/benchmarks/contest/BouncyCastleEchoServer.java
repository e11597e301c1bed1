// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Bouncy Castle's DTLS server. It has no demultiplexer, so this one gives each peer a queue and a
 * pool thread until the echo is sent.
 */
final class BouncyCastleEchoServer implements EchoServer {
  private static final int DATAGRAM = 1400;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
  private final DTLSVerifier verifier = new DTLSVerifier(crypto);
  private final DTLSServerProtocol protocol = new DTLSServerProtocol();
  private final Map<SocketAddress, Peer> peers = new ConcurrentHashMap<>();
  private final ExecutorService pool = pool();
  private final LongAdder echoes = new LongAdder();
  private final DatagramSocket socket;
  private final ServerSpec spec;

  BouncyCastleEchoServer(ServerSpec spec) throws IOException {
    this.spec = spec;
    protocol.setVerifyRequests(spec.helloVerify());
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread receiver = new Thread(this::receive, "receiver");
    receiver.setDaemon(true);
    receiver.start();
  }

  /** Returns a pool that keeps its threads, as their CPU time would be lost with them. */
  private static ExecutorService pool() {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 1, TimeUnit.HOURS, new SynchronousQueue<>());
  }

  private void receive() {
    byte[] buffer = new byte[DATAGRAM];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (!socket.isClosed()) {
      try {
        packet.setData(buffer);
        socket.receive(packet);
        dispatch(Arrays.copyOf(buffer, packet.getLength()), packet.getSocketAddress());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void dispatch(byte[] datagram, SocketAddress address) throws IOException {
    Peer peer = peers.get(address);
    if (!isClientHello(datagram)) {
      if (peer != null) {
        peer.received.add(datagram);
      }
      return;
    }
    Peer next = new Peer(address);
    DTLSRequest request = null;
    if (spec.helloVerify()) {
      byte[] client = address.toString().getBytes(UTF_8);
      request = verifier.verifyRequest(client, datagram, 0, datagram.length, next);
      if (request == null) {
        return;
      }
    } else {
      next.received.add(datagram);
    }
    peers.put(address, next);
    DTLSRequest verified = request;
    pool.execute(() -> serve(next, verified));
  }

  /** A handshake record of epoch 0 that carries a ClientHello. */
  private static boolean isClientHello(byte[] datagram) {
    return datagram.length > 13
        && datagram[0] == 22
        && datagram[3] == 0
        && datagram[4] == 0
        && datagram[13] == 1;
  }

  private void serve(Peer peer, DTLSRequest request) {
    try {
      DTLSTransport transport =
          request == null
              ? protocol.accept(new FleetServer(), peer)
              : protocol.accept(new FleetServer(), peer, request);
      byte[] buffer = new byte[DATAGRAM];
      int length = transport.receive(buffer, 0, buffer.length, TIMEOUT_MILLIS);
      if (length > 0) {
        transport.send(buffer, 0, length);
        echoes.increment();
      }
    } catch (IOException e) {
      // a handshake that failed is not counted
    } finally {
      peers.remove(peer.address, peer);
    }
  }

  @Override
  public int port() {
    return socket.getLocalPort();
  }

  @Override
  public long echoes() {
    return echoes.sum();
  }

  @Override
  public void close() {
    socket.close();
    pool.shutdownNow();
  }

  /** Computes the key of any device and looks nothing up. */
  private final class FleetServer extends PSKTlsServer {
    FleetServer() {
      super(BouncyCastleEchoServer.this.crypto, new FleetKeys());
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {spec.suite().getCode()};
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return TIMEOUT_MILLIS;
    }
  }

  private static final class FleetKeys implements TlsPSKIdentityManager {
    @Override
    public byte[] getHint() {
      return null;
    }

    @Override
    public byte[] getPSK(byte[] identity) {
      return Fleet.key(Fleet.device(identity));
    }
  }

  private final class Peer implements DatagramTransport, DatagramSender {
    final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    final SocketAddress address;

    Peer(SocketAddress address) {
      this.address = address;
    }

    @Override
    public int getReceiveLimit() {
      return DATAGRAM;
    }

    @Override
    public int getSendLimit() {
      return DATAGRAM;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
      try {
        byte[] datagram = received.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (datagram == null) {
          return -1;
        }
        System.arraycopy(datagram, 0, buffer, offset, Math.min(length, datagram.length));
        return datagram.length;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
      socket.send(new DatagramPacket(buffer, offset, length, address));
    }

    @Override
    public void close() {
      // all peers share the socket
    }
  }
}
