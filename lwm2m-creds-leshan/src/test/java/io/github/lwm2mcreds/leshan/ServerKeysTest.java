// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;

/** A server with a key and a certificate of its own. */
class ServerKeysTest {
  private final LeshanSecurityStore infos = new LeshanSecurityStore(new InMemoryCredentialStore());

  @Test
  void port_ofAServerWithACertificate_servesEveryModeBesidePlainCoap() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    SecurityInfo psk = TestInfos.psk("psk", "identity", 1);
    infos.add(psk);
    infos.add(SecurityInfo.newRawPublicKeyInfo("rpk", keys.getPublic()));
    infos.add(SecurityInfo.newX509CertInfo("x509"));

    try (RunningServer server = new RunningServer(infos, new InMemoryRegistrationStore());
        Devices devices = new Devices()) {
      devices.start(PskInfos.credential(psk), server.uri());
      devices.startWithRawPublicKey("rpk", keys, server.uri());
      devices.startWithCertificate("x509", server.uri());
      devices.startWithoutSecurity("open", server.coapUri());

      List<String> registered = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        registered.add(next(server.registrations).getEndpoint());
      }
      assertThat(registered).containsExactlyInAnyOrder("psk", "rpk", "x509", "open");
      assertThat(server.sessions()).hasSize(3).contains("identity");
    }
  }

  @Test
  void certificate_ofAnotherAuthority_isReportedWithTheAddress() throws Exception {
    infos.add(SecurityInfo.newX509CertInfo("x509"));

    try (RunningServer server = new RunningServer(infos, new InMemoryRegistrationStore());
        Devices devices = new Devices()) {
      devices.startWithCertificate("x509", TestCertificates.authority("another"), server.uri());

      HandshakeRefusal refusal = next(server.refusedHandshakes);
      assertThat(refusal.reason()).isEqualTo(HandshakeRefusal.Reason.CERTIFICATE_REFUSED);
      assertThat(refusal.peer()).isPresent();
    }
  }
}
