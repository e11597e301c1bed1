// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A session of Bouncy Castle's, or a handshake for one on a thread of its own. */
final class BouncyCastleSession implements PeerSession {
  private static final int MTU = 1280;
  private static final int ANSWER_MILLIS = 500;
  private static final int ANSWERS = 10;

  private final Hello hello;
  private final Client client;
  private final DatagramSocket socket;
  private final CompletableFuture<DTLSTransport> transport = new CompletableFuture<>();

  private BouncyCastleSession(Hello hello, Optional<TlsSession> resumed) throws IOException {
    this.hello = hello;
    client = new Client(hello, resumed);
    socket = new DatagramSocket();
    socket.connect(InetAddress.getLoopbackAddress(), hello.port());
  }

  static BouncyCastleSession begin(Hello hello, Optional<TlsSession> resumed) throws IOException {
    BouncyCastleSession session = new BouncyCastleSession(hello, resumed);
    Thread thread = new Thread(session::shakeHands, "Bouncy Castle");
    thread.setDaemon(true);
    thread.start();
    return session;
  }

  private void shakeHands() {
    try {
      transport.complete(new DTLSClientProtocol().connect(client, new UDPTransport(socket, MTU)));
    } catch (IOException e) {
      transport.completeExceptionally(e);
    }
  }

  static int code(PskSuite suite) {
    return switch (suite) {
      case CCM_8 -> CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
      case CBC -> CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256;
      case ECDHE -> CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256;
    };
  }

  @Override
  public boolean request() throws IOException, InterruptedException {
    DTLSTransport connected;
    try {
      connected = transport.get();
    } catch (ExecutionException e) {
      return false;
    }
    CoapRequest request = CoapRequest.next();
    byte[] bytes = request.bytes();
    connected.send(bytes, 0, bytes.length);
    byte[] answer = new byte[MTU];
    for (int i = 0; i < ANSWERS; i++) {
      int length = connected.receive(answer, 0, answer.length, ANSWER_MILLIS);
      if (length > 0 && request.isAnswered(new String(answer, 0, length, ISO_8859_1))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public PeerSession resume() throws IOException {
    return begin(hello, Optional.of(client.session));
  }

  @Override
  public void close() {
    socket.close();
  }

  private static final class Client extends PSKTlsClient {
    private final PskSuite suite;
    private final Optional<TlsSession> resumed;
    private volatile TlsSession session;

    Client(Hello hello, Optional<TlsSession> resumed) {
      super(new BcTlsCrypto(), new BasicTlsPSKIdentity(hello.identity(), hello.key()));
      this.suite = hello.suite();
      this.resumed = resumed;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {code(suite)};
    }

    /** Takes part in using the server's connection id, without one of its own. */
    @Override
    protected byte[] getNewConnectionID() {
      return new byte[0];
    }

    @Override
    public TlsSession getSessionToResume() {
      return resumed.orElse(null);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      session = context.getResumableSession();
    }
  }
}
