// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;

/** One address, from which the devices of a fleet make handshakes one after the other. */
public final class DeviceClient implements AutoCloseable {
  /** How a device makes its handshakes. */
  public enum Mode {
    /** A full handshake. */
    FULL,
    /** A full handshake for a session in which the device sends the server's connection id. */
    FULL_CONNECTION_ID,
    /** An abbreviated handshake; the first one is full. */
    ABBREVIATED,
    /** None while there is a session; the device sends the server's connection id. */
    SESSION
  }

  private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(16);
  private final DTLSConnector connector;
  private final InetSocketAddress address;
  private final MapBasedEndpointContext server;
  private final Identity identity;
  private final Mode mode;

  public DeviceClient(int port, Fleet fleet, CipherSuite suite, Mode mode) throws IOException {
    this.mode = mode;
    identity = new Identity(fleet);
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, suite);
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    if (mode == Mode.FULL_CONNECTION_ID || mode == Mode.SESSION) {
      configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    }
    InetAddress loopback = InetAddress.getLoopbackAddress();
    connector =
        new DTLSConnector(
            DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(loopback, 0))
                .setPskStore(identity)
                .build());
    connector.setRawDataReceiver(data -> received.offer(data.getBytes()));
    connector.start();
    address = new InetSocketAddress(loopback, port);
    server =
        server(
            switch (mode) {
              case ABBREVIATED -> DtlsEndpointContext.HANDSHAKE_MODE_FORCE;
              case SESSION -> DtlsEndpointContext.HANDSHAKE_MODE_AUTO;
              default -> DtlsEndpointContext.HANDSHAKE_MODE_FORCE_FULL;
            });
  }

  private MapBasedEndpointContext server(String handshakeMode) {
    return new MapBasedEndpointContext(
        address, null, new Attributes().add(DtlsEndpointContext.KEY_HANDSHAKE_MODE, handshakeMode));
  }

  /** Chooses the device that makes the next handshake. */
  public void chooseDevice() {
    identity.device = identity.fleet.next();
  }

  public int device() {
    return identity.device;
  }

  /** Makes a handshake, sends a datagram and returns the answer, or null if none comes in time. */
  public byte[] exchange(byte[] datagram, long timeoutMillis) throws InterruptedException {
    return exchange(datagram, server, timeoutMillis);
  }

  /** Does so with a full handshake, whatever the mode. */
  byte[] reconnect(byte[] datagram, long timeoutMillis) throws InterruptedException {
    return exchange(datagram, server(DtlsEndpointContext.HANDSHAKE_MODE_FORCE_FULL), timeoutMillis);
  }

  private byte[] exchange(byte[] datagram, MapBasedEndpointContext to, long timeoutMillis)
      throws InterruptedException {
    received.clear();
    connector.send(RawData.outbound(datagram, to, null, false));
    return received.poll(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  /** Returns how many full handshakes the device has made, or begun. */
  int fullHandshakes() {
    return identity.fullHandshakes.get();
  }

  /** Returns what went wrong: handshakes that were full instead of abbreviated. */
  Optional<String> fault() {
    return mode == Mode.ABBREVIATED && identity.fullHandshakes.get() > 1
        ? Optional.of(identity.fullHandshakes + " handshakes were full")
        : Optional.empty();
  }

  @Override
  public void close() {
    connector.destroy();
  }

  private static final class Identity implements PskStore {
    final Fleet fleet;
    final AtomicInteger fullHandshakes = new AtomicInteger();
    volatile int device;

    Identity(Fleet fleet) {
      this.fleet = fleet;
    }

    @Override
    public boolean hasEcdhePskSupported() {
      return true;
    }

    @Override
    public PskPublicInformation getIdentity(InetSocketAddress peer, ServerNames virtualHost) {
      return PskPublicInformation.fromByteArray(Fleet.identity(device));
    }

    @Override
    public PskSecretResult requestPskSecretResult(
        ConnectionId cid,
        ServerNames serverName,
        PskPublicInformation asked,
        String hmacAlgorithm,
        SecretKey otherSecret,
        byte[] seed,
        boolean useExtendedMasterSecret) {
      fullHandshakes.incrementAndGet();
      byte[] key = fleet.keyOf(Fleet.device(asked.getBytes()));
      return new PskSecretResult(cid, asked, SecretUtil.create(key, "PSK"), false, true);
    }

    @Override
    public void setResultHandler(HandshakeResultHandler handler) {
      // answers at once
    }
  }
}
