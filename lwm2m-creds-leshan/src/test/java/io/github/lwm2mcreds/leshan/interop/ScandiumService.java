// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** A server with a Scandium before the one that this class is compiled with. */
public final class ScandiumService implements PeerService {
  private static final String STORES = "org.eclipse.californium.scandium.dtls.pskstore.Advanced";
  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<String> got = new LinkedBlockingQueue<>();
  private final DTLSConnector connector;

  private ScandiumService(PskSuite suite, String identity, byte[] key) throws Exception {
    DtlsConfig.register();
    Configuration configuration = new Configuration();
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(ScandiumSession.suite(suite)));
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    setKey(builder, identity, key);
    connector = new DTLSConnector(builder.build());
    connector.setRawDataReceiver(data -> got.add(new String(data.getBytes(), ISO_8859_1)));
    connector.start();
  }

  /** Starts one; called by reflection. */
  public static PeerService start(PskSuite suite, String identity, byte[] key) throws Exception {
    return new ScandiumService(suite, identity, key);
  }

  private static void setKey(DtlsConnectorConfig.Builder builder, String identity, byte[] key)
      throws ReflectiveOperationException {
    Object store = Class.forName(STORES + "MultiPskStore").getConstructor().newInstance();
    store.getClass().getMethod("setKey", String.class, byte[].class).invoke(store, identity, key);
    builder
        .getClass()
        .getMethod("setAdvancedPskStore", Class.forName(STORES + "PskStore"))
        .invoke(builder, store);
  }

  @Override
  public int port() {
    return connector.getAddress().getPort();
  }

  @Override
  public boolean hasGot(String text) throws InterruptedException {
    String next = got.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return next != null && next.contains(text);
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
