// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;

/** A device that makes the handshakes it is told to, and gives up soon. */
final class ScriptedDevice implements AutoCloseable {
  /** A CoAP ping: an empty confirmable message, which is answered by a reset (RFC 7252 §4.3). */
  private static final byte[] PING = {0x40, 0, 0x12, 0x34};

  private final InetSocketAddress server;
  private final DTLSConnector connector;
  private volatile CompletableFuture<Void> answer = new CompletableFuture<>();

  ScriptedDevice(int port, String endpoint, String token) {
    this(port, endpoint, token, LwM2mDtls.CIPHER_SUITES);
  }

  ScriptedDevice(int port, String endpoint, String token, List<CipherSuite> suites) {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    PreSharedKey key = PreSharedKey.ofHex(token.getBytes(StandardCharsets.US_ASCII));
    DtlsConnectorConfig config =
        LwM2mDtls.device(DeviceCredential.of(endpoint, key))
            .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .set(DtlsConfig.DTLS_CIPHER_SUITES, suites)
            .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 1, TimeUnit.SECONDS)
            .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT_SCALE, 1F)
            .set(DtlsConfig.DTLS_RETRANSMISSION_INIT_RANDOM, 1F)
            .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1)
            .build();
    connector = new DTLSConnector(config);
    connector.setRawDataReceiver(received -> answer.complete(null));
    try {
      connector.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the next ping resume the session. */
  void resume() {
    connector.forceResumeAllSessions();
  }

  /** Returns whether the server answers. */
  boolean ping() {
    send();
    return answer.orTimeout(20, TimeUnit.SECONDS).handle((ok, e) -> e == null).join();
  }

  /** Sends a ping, without waiting for the answer. */
  void send() {
    CompletableFuture<Void> next = new CompletableFuture<>();
    answer = next;
    connector.send(
        RawData.outbound(PING, new AddressEndpointContext(server), new FailWith(next), false));
  }

  /** Returns whether the last ping was answered. */
  boolean isAnswered() {
    return answer.isDone() && !answer.isCompletedExceptionally();
  }

  /** Sends a ping, and returns whether it is answered within a second. */
  boolean pingOnce() {
    send();
    return answer.orTimeout(1, TimeUnit.SECONDS).handle((ok, e) -> e == null).join();
  }

  @Override
  public void close() {
    connector.destroy();
  }

  private record FailWith(CompletableFuture<?> future) implements MessageCallback {
    @Override
    public void onError(Throwable error) {
      future.completeExceptionally(error);
    }

    @Override
    public void onConnecting() {
      // the answer tells
    }

    @Override
    public void onDtlsRetransmission(int flight) {
      // the answer tells
    }

    @Override
    public void onContextEstablished(EndpointContext context) {
      // the answer tells
    }

    @Override
    public void onSent() {
      // the answer tells
    }
  }
}
