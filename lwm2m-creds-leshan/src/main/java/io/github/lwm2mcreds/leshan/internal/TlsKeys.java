// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A private key, and trusted certificates, as the JDK's TLS takes them. */
public final class TlsKeys {
  private TlsKeys() {}

  /**
   * Makes managers of one key.
   *
   * @throws IllegalArgumentException if the key and the certificates cannot be used together
   */
  public static KeyManager[] managers(PrivateKey key, List<X509Certificate> chain) {
    char[] password = password();
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry("own", key, password, chain.toArray(Certificate[]::new));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, password);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the private key and its certificate cannot be used for TLS", e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /** The key store lives for the time of a call, and wants one. */
  private static char[] password() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random).toCharArray();
  }

  /** Makes the JDK's own check of certificates that one of the given authorities has issued. */
  public static TrustManager[] trust(Collection<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore anchors = emptyStore();
    for (X509Certificate authority : authorities) {
      anchors.setCertificateEntry(Integer.toString(anchors.size()), authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
