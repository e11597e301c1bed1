// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;
import org.junit.jupiter.api.Test;

/** What a server with a key of its own offers. */
class CipherSuitesTest {
  @Test
  void cipherSuites_ellipticCurveKey_arePsksThenCcm8ThenOthersAndCbcLast() throws Exception {
    SingleCertificateProvider key = key("EC", 256);
    List<CipherSuite> suites = LwM2mDtls.cipherSuites(key);

    assertThat(suites)
        .startsWith(
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
        .endsWith(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256)
        .doesNotHaveDuplicates();
    assertThat(config(key).getSupportedCipherSuites()).isEqualTo(suites);
  }

  @Test
  void cipherSuites_rsaKey_areNoneOfEllipticCurveKeys() throws Exception {
    SingleCertificateProvider key = key("RSA", 2048);
    List<CipherSuite> suites = LwM2mDtls.cipherSuites(key);

    assertThat(suites)
        .startsWith(
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)
        .noneMatch(suite -> suite.name().contains("ECDSA"));
    assertThat(config(key).getSupportedCipherSuites()).isEqualTo(suites);
  }

  /** Scandium refuses a list that does not fit the key. */
  private static DtlsConnectorConfig config(SingleCertificateProvider key) {
    return LwM2mDtls.server(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new ScandiumPskStore(new InMemoryCredentialStore()))
        .setCertificateIdentityProvider(key)
        .setCertificateVerifier(StaticCertificateVerifier.builder().setTrustAllRPKs().build())
        .set(DtlsConfig.DTLS_CIPHER_SUITES, LwM2mDtls.cipherSuites(key))
        .build();
  }

  private static SingleCertificateProvider key(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair pair = generator.generateKeyPair();
    return new SingleCertificateProvider(pair.getPrivate(), pair.getPublic());
  }
}
