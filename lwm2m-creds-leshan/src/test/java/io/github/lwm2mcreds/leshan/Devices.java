// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/** Leshan clients in every security mode, whose PSK identity need not be their endpoint. */
public final class Devices implements AutoCloseable {
  /** For raw public keys and certificates. */
  static final CipherSuite ECDSA_SUITE = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8;

  private static final int SHORT_SERVER_ID = 1;

  private final List<LeshanClient> clients = new ArrayList<>();

  LeshanClient start(DeviceCredential credential, String uri) {
    LeshanClient client = client(credential, uri, LwM2mDtls.CIPHER_SUITES);
    client.start();
    return client;
  }

  /** Returns a client that is still to be started. */
  public LeshanClient client(DeviceCredential credential, String uri, List<CipherSuite> suites) {
    byte[] identity = credential.pskIdentity().toBytes();
    byte[] key = credential.psk().exposeBytes();
    return client(credential.endpoint(), Security.psk(uri, SHORT_SERVER_ID, identity, key), suites);
  }

  /** Makes the keys of a device with a raw public key. */
  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  LeshanClient startWithoutSecurity(String endpoint, String coapUri) {
    return start(endpoint, Security.noSec(coapUri, SHORT_SERVER_ID), LwM2mDtls.CIPHER_SUITES);
  }

  LeshanClient startWithRawPublicKey(String endpoint, KeyPair keys, String uri) {
    return startWithRawPublicKey(
        endpoint, keys, RunningServer.CERTIFICATE.certificate().getPublicKey(), uri);
  }

  LeshanClient startWithRawPublicKey(
      String endpoint, KeyPair keys, PublicKey serverKey, String uri) {
    return start(
        endpoint,
        Security.rpk(
            uri,
            SHORT_SERVER_ID,
            keys.getPublic().getEncoded(),
            keys.getPrivate().getEncoded(),
            serverKey.getEncoded()),
        List.of(ECDSA_SUITE));
  }

  /** Starts a device whose certificate's common name is its endpoint. */
  LeshanClient startWithCertificate(String endpoint, String uri) {
    return startWithCertificate(endpoint, RunningServer.AUTHORITY, uri);
  }

  /** Starts one whose certificate is of an authority that a server need not trust. */
  LeshanClient startWithCertificate(String endpoint, TestCertificates authority, String uri) {
    TestCertificates own = authority.issue(endpoint);
    try {
      return start(
          endpoint,
          Security.x509(
              uri,
              SHORT_SERVER_ID,
              own.certificate().getEncoded(),
              own.key().getEncoded(),
              RunningServer.CERTIFICATE.certificate().getEncoded()),
          List.of(ECDSA_SUITE));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private LeshanClient start(String endpoint, Security security, List<CipherSuite> suites) {
    LeshanClient client = client(endpoint, security, suites);
    client.start();
    return client;
  }

  private LeshanClient client(String endpoint, Security security, List<CipherSuite> suites) {
    ObjectsInitializer initializer = new ObjectsInitializer();
    initializer.setInstancesForObject(LwM2mId.SECURITY, security);
    initializer.setInstancesForObject(LwM2mId.SERVER, new Server(SHORT_SERVER_ID, 300L));
    initializer.setInstancesForObject(LwM2mId.DEVICE, new Device("lwm2m-creds", "test", endpoint));
    CaliforniumClientEndpointsProvider.Builder endpoints =
        new CaliforniumClientEndpointsProvider.Builder(
            new CoapsClientProtocolProvider(), new CoapClientProtocolProvider());
    Configuration configuration = endpoints.createDefaultConfiguration();
    LwM2mDtls.configureDevice(configuration);
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, suites);
    endpoints.setConfiguration(configuration);
    LeshanClient client =
        new LeshanClientBuilder(endpoint)
            .setObjects(initializer.createAll())
            .setEndpointsProviders(endpoints.build())
            .build();
    clients.add(client);
    return client;
  }

  /** As if the power went. */
  @Override
  public void close() {
    clients.forEach(client -> client.destroy(false));
  }
}
