// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A device whose DTLS is Bouncy Castle's. */
final class BouncyCastleDevice {
  /** A CoAP ping: an empty confirmable message, which is answered by a reset (RFC 7252 §4.3). */
  private static final byte[] PING = {0x40, 0, 0x12, 0x34};

  private static final int MTU = 1280;
  private static final int HANDSHAKE_TIMEOUT_MS = 10_000;
  private static final int REFUSED_TIMEOUT_MS = 500;
  private static final int ANSWER_TIMEOUT_MS = 10_000;

  private BouncyCastleDevice() {}

  /** Returns whether the server answers a ping in a new session. */
  static boolean ping(int port, String suite, String identity, String key) throws Exception {
    return ping(port, new Client(suiteCode(suite), identity, key, HANDSHAKE_TIMEOUT_MS, true));
  }

  /** Makes a handshake that is refused, and gives up soon. */
  static void beRefused(int port, String suite, String identity, String key, boolean extended)
      throws Exception {
    if (ping(port, new Client(suiteCode(suite), identity, key, REFUSED_TIMEOUT_MS, extended))) {
      throw new AssertionError("it was not refused");
    }
  }

  private static boolean ping(int port, Client client) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(InetAddress.getLoopbackAddress(), port);
      DTLSTransport session;
      try {
        session = new DTLSClientProtocol().connect(client, new UDPTransport(socket, MTU));
      } catch (IOException e) {
        return false;
      }
      session.send(PING, 0, PING.length);
      byte[] answer = new byte[MTU];
      int length = session.receive(answer, 0, answer.length, ANSWER_TIMEOUT_MS);
      session.close();
      return length == 4 && answer[0] == 0x70 && answer[2] == 0x12 && answer[3] == 0x34;
    }
  }

  private static int suiteCode(String name) throws ReflectiveOperationException {
    return CipherSuite.class.getField(name).getInt(null);
  }

  private static final class Client extends PSKTlsClient {
    private final int suite;
    private final int handshakeTimeout;
    private final boolean extended;

    Client(int suite, String identity, String key, int handshakeTimeout, boolean extended) {
      super(
          new BcTlsCrypto(),
          new BasicTlsPSKIdentity(
              identity.getBytes(StandardCharsets.UTF_8), HexFormat.of().parseHex(key)));
      this.suite = suite;
      this.handshakeTimeout = handshakeTimeout;
      this.extended = extended;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {suite};
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return handshakeTimeout;
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
      return extended;
    }
  }
}
