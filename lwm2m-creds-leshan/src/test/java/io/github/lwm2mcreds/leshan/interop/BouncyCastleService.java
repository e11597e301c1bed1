// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A server of Bouncy Castle's for one device, on a thread of its own. */
final class BouncyCastleService implements PeerService {
  private static final int MTU = 1280;
  private static final int PATIENCE_MILLIS = 10_000;

  private final DatagramSocket socket =
      new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final CompletableFuture<String> first = new CompletableFuture<>();

  private BouncyCastleService() throws IOException {}

  static BouncyCastleService start(PskSuite suite, String identity, byte[] key) throws IOException {
    BouncyCastleService service = new BouncyCastleService();
    Thread thread =
        new Thread(() -> service.serve(new Server(suite, identity, key)), "Bouncy Castle");
    thread.setDaemon(true);
    thread.start();
    return service;
  }

  private void serve(PSKTlsServer server) {
    try {
      DTLSTransport device =
          new DTLSServerProtocol().accept(server, new AnyPeerTransport(socket, MTU));
      byte[] bytes = new byte[MTU];
      int length = device.receive(bytes, 0, bytes.length, PATIENCE_MILLIS);
      first.complete(length < 0 ? "" : new String(bytes, 0, length, ISO_8859_1));
    } catch (IOException e) {
      first.complete("");
    }
  }

  @Override
  public int port() {
    return socket.getLocalPort();
  }

  @Override
  public boolean hasGot(String text) {
    return first
        .completeOnTimeout("", PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .join()
        .contains(text);
  }

  @Override
  public void close() {
    socket.close();
  }

  private static final class Server extends PSKTlsServer {
    private final PskSuite suite;

    Server(PskSuite suite, String identity, byte[] key) {
      super(new BcTlsCrypto(), new Keys(identity, key));
      this.suite = suite;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {BouncyCastleSession.code(suite)};
    }
  }

  private record Keys(String identity, byte[] key) implements TlsPSKIdentityManager {
    @Override
    public byte[] getHint() {
      return null; // none, says its interface
    }

    @Override
    public byte[] getPSK(byte[] of) {
      return Arrays.equals(of, identity.getBytes(UTF_8)) ? key.clone() : null;
    }
  }
}
