// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.Devices;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;

/** A Leshan client. Its first request is its registration, and the others update that. */
final class LeshanSession implements PeerSession {
  private static final long PATIENCE_SECONDS = 10;

  private final Devices devices = new Devices();
  private final Semaphore answers = new Semaphore(0);
  private final LeshanClient client;
  private boolean registered;

  LeshanSession(Hello hello) {
    PskIdentity identity = PskIdentity.ofBytes(hello.identity());
    client =
        devices.client(
            DeviceCredential.of(endpoint(hello), identity, PreSharedKey.copyOf(hello.key())),
            "coaps://127.0.0.1:" + hello.port(),
            List.of(suite(hello.suite())));
    client.addObserver(
        new LwM2mClientObserverAdapter() {
          @Override
          public void onRegistrationSuccess(LwM2mServer to, RegisterRequest request, String id) {
            answers.release();
          }

          @Override
          public void onUpdateSuccess(LwM2mServer to, UpdateRequest request) {
            answers.release();
          }
        });
    client.start();
  }

  private static String endpoint(Hello hello) {
    return Arrays.stream(InteropDevice.values())
        .filter(device -> Arrays.equals(device.identity(), hello.identity()))
        .findFirst()
        .orElseThrow()
        .endpoint();
  }

  private static CipherSuite suite(PskSuite suite) {
    return switch (suite) {
      case CCM_8 -> CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
      case CBC -> CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256;
      case ECDHE -> CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256;
    };
  }

  @Override
  public boolean request() throws InterruptedException {
    if (registered) {
      client.triggerRegistrationUpdate();
    }
    registered = true;
    return answers.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public PeerSession resume() {
    for (LwM2mServer server : client.getRegisteredServers().values()) {
      client.getEndpoint(server).forceReconnection(server, true);
    }
    return this;
  }

  @Override
  public void close() {
    devices.close();
  }
}
