// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.crypto.SecretKey;
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

/** A DTLS server that has one key for all, and tells what identity it saw last, of any length. */
final class AnyPskServer implements PskStore, AutoCloseable {
  private final DTLSConnector connector;
  private volatile byte[] key;
  private volatile byte[] seen;

  AnyPskServer() throws IOException {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH, 66_000);
    configuration.setAsList(
        DtlsConfig.DTLS_CIPHER_SUITES,
        CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256);
    connector =
        new DTLSConnector(
            DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setPskStore(this)
                .build());
    connector.setRawDataReceiver(received -> {});
    connector.start();
  }

  int port() {
    return connector.getAddress().getPort();
  }

  /** Sets the key of all identities, and forgets the last one. */
  void expect(byte[] key) {
    this.key = key.clone();
    seen = null;
  }

  /** The identity of the last ClientKeyExchange, if there was one. */
  Optional<byte[]> seen() {
    return Optional.ofNullable(seen);
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    seen = identity.getBytes();
    if (!identity.isCompliantEncoding()) {
      identity.normalize("not UTF-8");
    }
    return new PskSecretResult(cid, identity, SecretUtil.create(key, "PSK"), false, true);
  }

  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peer, ServerNames virtualHost) {
    return null; // only clients are asked
  }

  @Override
  public void setResultHandler(HandshakeResultHandler handler) {
    // every result is there at once
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
