// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.KeyExchangeAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;

/**
 * Whether handshakes with pre-shared keys are forward secret ({@code ECDHE_PSK}, RFC 5489 and RFC
 * 8442): what was recorded of such a session stays secret from somebody who later gets the
 * pre-shared key. Without it, a key that leaks opens all that its device has ever sent.
 *
 * <p>X25519 comes before P-256, for it takes less time. In a {@link PskServerConnector}, both are
 * computed by Bouncy Castle if {@code bcprov} is on the class path, whatever security providers the
 * JVM has; without it by the JDK, which takes several times as long. A full handshake makes a key
 * pair of its own, which is used once. An abbreviated handshake makes none: whoever gets the keys
 * of a session that may be resumed, or that is saved in a {@link SessionFile}, can read it.
 */
public enum ForwardSecrecy {
  /** A device that offers no forward-secret cipher suite is refused. */
  REQUIRED(List.of()),
  /** A device that offers none has a session without forward secrecy. */
  PREFERRED(LwM2mDtls.CIPHER_SUITES);

  private static final List<SupportedGroup> GROUPS =
      List.of(SupportedGroup.X25519, SupportedGroup.secp256r1);

  private final List<CipherSuite> suites;

  ForwardSecrecy(List<CipherSuite> others) {
    List<CipherSuite> all = new ArrayList<>();
    all.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256);
    all.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256);
    all.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
    all.add(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256);
    all.addAll(others);
    suites = List.copyOf(all);
  }

  /**
   * Returns the cipher suites for pre-shared keys.
   *
   * @return the preferred first; not modifiable
   */
  public List<CipherSuite> cipherSuites() {
    return suites;
  }

  /**
   * Changes the configuration of a server or a device that {@link LwM2mDtls} has set up.
   *
   * @param configuration changed in place: its cipher suites and its elliptic curves
   */
  public void configure(Configuration configuration) {
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, suites);
    configuration.set(DtlsConfig.DTLS_CURVES, GROUPS);
  }

  /**
   * Returns the curves that {@link #configure} sets, the preferred one first.
   *
   * @return unmodifiable
   */
  public static List<SupportedGroup> groups() {
    return GROUPS;
  }

  static boolean isForwardSecret(CipherSuite suite) {
    return suite.getKeyExchange() == KeyExchangeAlgorithm.ECDHE_PSK;
  }
}
