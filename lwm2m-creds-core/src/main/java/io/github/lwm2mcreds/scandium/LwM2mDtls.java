// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;

/**
 * DTLS settings for LwM2M with pre-shared keys: what the LwM2M 1.1 and 1.2 transport bindings
 * require, and what keeps constrained devices connected.
 *
 * <p>Common to servers and devices:
 *
 * <ul>
 *   <li>The two cipher suites that LwM2M makes mandatory for PSK, {@code
 *       TLS_PSK_WITH_AES_128_CCM_8} first as the one with the shortest records and the one dm-lwm2m
 *       devices offer. Scandium does not recommend the other, {@code
 *       TLS_PSK_WITH_AES_128_CBC_SHA256}, for its MAC-then-encrypt construction, and leaves it out
 *       unless {@link DtlsConfig#DTLS_RECOMMENDED_CIPHER_SUITES_ONLY} is off; a conforming server
 *       must offer it.
 *   <li>Extended master secret (RFC 7627) where the peer has it, which binds the session to its
 *       handshake. Peers need not have it, since tinydtls and Mbed TLS of older firmware lack it;
 *       Scandium resumes no session without it.
 * </ul>
 */
public final class LwM2mDtls {
  /** The cipher suites mandatory for PSK in LwM2M, the preferred first; not modifiable. */
  public static final List<CipherSuite> CIPHER_SUITES =
      List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256);

  /**
   * Bytes of the connection ids a server gives: room for far more devices than it can hold
   * connections.
   */
  static final int SERVER_CONNECTION_ID_LENGTH = 6;

  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int DEFERRED = 1 << 10;

  /** A device has one peer and needs no id to tell it by, but takes part in using the server's. */
  private static final int DEVICE_CONNECTION_ID_LENGTH = 0;

  private LwM2mDtls() {}

  /**
   * Returns the cipher suites of a server that has a private key of its own, and so can serve
   * devices with raw public keys and certificates, too: first those for PSK, then those that LwM2M
   * makes mandatory for these modes if the key is an elliptic curve's, and every other that
   * Scandium recommends for the key.
   *
   * @param key the server's key, with its public key or certificates
   * @return for {@link DtlsConfig#DTLS_CIPHER_SUITES}
   */
  public static List<CipherSuite> cipherSuites(CertificateProvider key) {
    List<CertificateKeyAlgorithm> algorithms = key.getSupportedCertificateKeyAlgorithms();
    Set<CipherSuite> suites = new LinkedHashSet<>(CIPHER_SUITES);
    boolean elliptic = algorithms.contains(CertificateKeyAlgorithm.EC);
    if (elliptic) {
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
    }
    suites.addAll(CipherSuite.getCertificateCipherSuites(true, algorithms));
    if (elliptic) {
      suites.add(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256);
    }
    return List.copyOf(suites);
  }

  /**
   * Sets up the configuration of a server, for example of Leshan's endpoints.
   *
   * <p>Besides the common settings:
   *
   * <ul>
   *   <li>Connection ids (RFC 9146) of 6 bytes, so that a device behind a NAT keeps its session
   *       when its address changes, instead of paying for a handshake each time it wakes up.
   *   <li>HelloVerifyRequest on (RFC 6347 §4.2.1), so that nobody makes the server work or amplify
   *       for a forged address.
   *   <li>A receiving thread for each processor, since a {@link PskServerConnector} does its work
   *       on them. On a machine of two there is only one: a second would use more CPU time waiting
   *       for the same socket than it saves.
   *   <li>A session for each 4 KiB of heap, of which it takes less than half at first, and less
   *       than a quarter while its device is quiet. A {@link PskServerConnector} never turns a
   *       device away, see {@link ConnectionLimits}; a plain {@code DTLSConnector} refuses
   *       newcomers when all are taken, or when as many handshakes were made within minutes, for
   *       example after a power cut.
   *   <li>A socket buffer of 4 MiB, where the system allows it, in which datagrams wait while those
   *       threads work.
   *   <li>1 KiB of records that come too early in a handshake, enough for a flight in any order. In
   *       memory, a small record takes many times its length.
   * </ul>
   *
   * @param configuration changed in place; must have {@link DtlsConfig}'s definitions
   */
  public static void configureServer(Configuration configuration) {
    configure(configuration);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, SERVER_CONNECTION_ID_LENGTH);
    configuration.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, true);
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, receivers());
    configuration.set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, RECEIVE_BUFFER);
    configuration.set(DtlsConfig.DTLS_MAX_DEFERRED_INBOUND_RECORDS_SIZE, DEFERRED);
    configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, ConnectionLimits.sessionsOfHeap());
  }

  /**
   * Sets up the configuration of a device, for example of a Leshan client.
   *
   * <p>Besides the common settings, the device uses a connection id if the server offers one, and
   * offers none itself.
   *
   * @param configuration changed in place; must have {@link DtlsConfig}'s definitions
   */
  public static void configureDevice(Configuration configuration) {
    configure(configuration);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, DEVICE_CONNECTION_ID_LENGTH);
  }

  private static int receivers() {
    int processors = Runtime.getRuntime().availableProcessors();
    return processors > 2 ? processors : 1;
  }

  private static void configure(Configuration configuration) {
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, CIPHER_SUITES);
    configuration.set(
        DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.ENABLED);
  }

  /**
   * Returns a builder for the connector of a plain Californium or Scandium server, which answers
   * handshakes and begins none:
   *
   * <pre>{@code
   * PskStore pskStore = new ScandiumPskStore(credentials);
   * DTLSConnector connector =
   *     new PskServerConnector(LwM2mDtls.server(address, pskStore).build(), credentials);
   * }</pre>
   *
   * <p>In a {@link PskServerConnector}, sessions end with their credential; in a plain {@code
   * DTLSConnector}, they live on.
   *
   * @param address where it listens
   * @param pskStore such as a {@link ScandiumPskStore}
   * @return a builder to add to or build from
   */
  public static DtlsConnectorConfig.Builder server(InetSocketAddress address, PskStore pskStore) {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configureServer(configuration);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
    return DtlsConnectorConfig.builder(configuration).setAddress(address).setPskStore(pskStore);
  }

  /**
   * Returns a builder as {@link #server} does, for a server that takes only forward-secret
   * handshakes; {@link ForwardSecrecy#PREFERRED} is for one that also takes others.
   *
   * @param address where it listens
   * @param pskStore such as a {@link ScandiumPskStore}
   * @return a builder to add to or build from, best for a {@link PskServerConnector}, in which such
   *     handshakes cost least
   */
  public static DtlsConnectorConfig.Builder forwardSecret(
      InetSocketAddress address, PskStore pskStore) {
    DtlsConnectorConfig.Builder builder = server(address, pskStore);
    ForwardSecrecy.REQUIRED.configure(builder.getIncompleteConfig().getConfiguration());
    return builder;
  }

  /**
   * Returns a builder for the connector of a device, which begins handshakes and answers none.
   *
   * @param credential the device's credential; the key is copied
   * @return a builder to add to or build from
   */
  public static DtlsConnectorConfig.Builder device(DeviceCredential credential) {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configureDevice(configuration);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
    PskIdentity pskIdentity = credential.pskIdentity();
    PskPublicInformation identity =
        new PskPublicInformation(pskIdentity.asString(), pskIdentity.toBytes());
    byte[] key = credential.psk().exposeBytes();
    try {
      return DtlsConnectorConfig.builder(configuration)
          .setPskStore(new SinglePskStore(identity, key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
