// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.server.LeshanServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices that leave it to the server which endpoint they are, as LwM2M 1.1 allows. */
class EndpointNameTest {
  private static final String LINKS = "</1/0>,</3/0>";

  private final InMemoryEngine credentials = new InMemoryEngine();
  private final List<RegistrationRefusal> refusals = new ArrayList<>();
  private final List<CoapClient> clients = new ArrayList<>();
  private final LeshanServer server = server();

  private LeshanServer server() {
    LeshanServer made =
        PskServer.builder(credentials)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .onRegistrationRefusal(refusals::add)
            .build();
    made.start();
    return made;
  }

  @AfterEach
  void stop() {
    clients.forEach(client -> client.getEndpoint().destroy());
    server.destroy();
  }

  @Test
  void register_withoutName_isTheEndpointOfTheIdentity() throws Exception {
    DeviceCredential device = credential("sensor-1", "identity-1", 1);
    credentials.put(device);

    assertThat(register(device, "").getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(isRegistered("sensor-1")).isTrue();
    assertThat(refusals).isEmpty();
  }

  @Test
  void register_withoutNameAfterARotation_isTheEndpointAndConfirms() throws Exception {
    credentials.put(credential("sensor-1", "sensor-1", 1));
    DeviceCredential next = credential("sensor-1", "sensor-1.2", 2);
    credentials.rotate(next, Instant.now().plusSeconds(3600));

    assertThat(register(next, "").getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(isRegistered("sensor-1")).isTrue();
    await()
        .until(
            () -> credentials.findPskIdentity("sensor-1").equals(Optional.of(next.pskIdentity())));
  }

  @ParameterizedTest
  @CsvSource({
    "&ep=, '', '', the endpoint is empty; a device needs a name",
    "&ep, '', '', the endpoint is empty; a device needs a name",
    "&ep=a%0Ab, a\\u000ab, 'a\nb', the endpoint 'a\\u000ab' contains a control character or a lone"
        + " surrogate"
  })
  void register_withANameOfNobody_isABadRequest(
      String ep, String name, String claimed, String reason) throws Exception {
    DeviceCredential device = credential("sensor-1", "sensor-1", 1);
    credentials.put(device);

    CoapResponse response = register(device, ep);

    assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(response.getResponseText()).isEqualTo(reason);
    assertThat(refusals)
        .containsExactly(
            new RegistrationRefusal(
                name,
                "PSK identity 'sensor-1'",
                "the endpoint name is empty or not text",
                claimed));
    assertThat(refusals).asString().contains("endpoint=" + name + ",");
  }

  @Test
  void endpointNames_ofOtherModes_areLeftToTheServersOwn() {
    CredentialEndpointNames names = new CredentialEndpointNames(credentials);
    CredentialEndpointNames own = new CredentialEndpointNames(credentials, identity -> "other");
    LwM2mIdentity certificate = new X509Identity("sensor-9");

    assertThat(names.getEndpointName(certificate)).isEqualTo("sensor-9");
    assertThat(own.getEndpointName(certificate)).isEqualTo("other");
    assertThat(own.getEndpointName(new org.eclipse.leshan.core.peer.PskIdentity("nobody's")))
        .isNull();
  }

  private static DeviceCredential credential(String endpoint, String identity, int key) {
    return DeviceCredential.of(
        endpoint,
        PskIdentity.of(identity),
        PreSharedKey.ofHex(String.format("c0ffee%026x", key).getBytes(StandardCharsets.UTF_8)));
  }

  private boolean isRegistered(String endpoint) {
    return server.getRegistrationService().getByEndpoint(endpoint) != null;
  }

  /** Registers as a device of LwM2M 1.1 does, by one request of its own making. */
  private CoapResponse register(DeviceCredential device, String ep) throws Exception {
    CoapClient client =
        new CoapClient(server.getEndpoint(Protocol.COAPS).getURI() + "/rd?lwm2m=1.1&lt=60" + ep);
    clients.add(client);
    client.setEndpoint(
        CoapEndpoint.builder()
            .setConfiguration(new Configuration(CoapConfig.DEFINITIONS, DtlsConfig.DEFINITIONS))
            .setConnector(
                new DTLSConnector(
                    LwM2mDtls.device(device)
                        .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .build()))
            .build());
    return client.post(LINKS, MediaTypeRegistry.APPLICATION_LINK_FORMAT);
  }
}
