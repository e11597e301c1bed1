// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PskServerMetricsTest {
  private static final DeviceCredential PSK =
      PskInfos.credential(TestInfos.psk("psk", "identity", 1));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final InMemoryCredentialStore credentials = new InMemoryCredentialStore();
  private final Devices devices = new Devices();
  private LeshanServer server;

  @AfterEach
  void stop() {
    devices.close();
    server.destroy();
  }

  @Test
  void meters_twoEndpoints_areCountedApart() {
    credentials.put(PSK);
    server =
        PskServer.builder(credentials)
            .address(anyPort())
            .endpoints(
                endpoints ->
                    endpoints
                        .addEndpoint(anyPort(), Protocol.COAPS)
                        .addEndpoint(anyPort(), Protocol.COAP))
            .build();
    server.start();
    PskServerMetrics metrics = new PskServerMetrics(server);
    metrics.bindTo(registry);
    String uri = server.getEndpoint(Protocol.COAPS).getURI().toString();

    devices.start(PSK, uri);
    await().until(() -> server.getRegistrationService().getByEndpoint("psk") != null);

    assertThat(established())
        .as("one for each endpoint")
        .hasSize(2)
        .filteredOn(counter -> counter.count() == 1)
        .singleElement()
        .matches(counter -> uri.equals(counter.getId().getTag("uri")));
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private Iterable<FunctionCounter> established() {
    return registry.get("lwm2m.creds.handshakes").tag("reason", "full").functionCounters();
  }

  @Test
  void metrics_ofAServerWithoutOurEndpoints_areRefused() {
    server =
        new LeshanServerBuilder()
            .setEndpointsProviders(
                new CaliforniumServerEndpointsProvider.Builder()
                    .addEndpoint(anyPort(), Protocol.COAP)
                    .build())
            .build();

    assertThatIllegalArgumentException().isThrownBy(() -> new PskServerMetrics(server));
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
