// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.all;
import static io.github.lwm2mcreds.leshan.migration.Entries.credential;
import static io.github.lwm2mcreds.leshan.migration.Entries.credentials;
import static io.github.lwm2mcreds.leshan.migration.Entries.notTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeshanServerTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void server_ofEitherDialect_hasItsKeysAndNamesTheRest(boolean newer) throws Exception {
    try (FakeLeshanApi server = newer ? FakeLeshanApi.newer() : FakeLeshanApi.older()) {
      LeshanSecurityApi client = LeshanSecurityApi.builder(server.uri()).build();
      client.put(credential("dev-1", "id-1", 1));
      client.put(credential("dev-2", "id-2", 2));
      client.put(DeviceCredential.of("weak", PreSharedKey.copyOf(new byte[16])));
      server.hold("rpk", "rpk");
      server.hold("cert", "x509");

      List<SourceEntry> entries = all(LeshanServer.open(client, KeyPolicy.strict()));

      assertThat(credentials(entries))
          .containsExactlyInAnyOrder(
              credential("dev-1", "id-1", 1), credential("dev-2", "id-2", 2));
      assertThat(notTaken(entries))
          .containsExactlyInAnyOrder("weak WEAK_KEY", "rpk OTHER_MODE", "cert OTHER_MODE");
    }
  }

  @Test
  void credential_thatWasHandedOut_outlivesTheSource() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi client = LeshanSecurityApi.builder(server.uri()).build();
      client.put(credential("dev-1", "id-1", 1));

      DeviceCredential found =
          credentials(all(LeshanServer.open(client, KeyPolicy.strict()))).get(0);

      assertThat(found.isDestroyed()).isFalse();
      assertThat(found.psk().exposeBytes()).isEqualTo(Entries.key(1));
    }
  }

  @Test
  void server_thatIsNotThere_isNamed() {
    URI gone;
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      gone = server.uri();
    }
    LeshanSecurityApi client = LeshanSecurityApi.builder(gone).build();

    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> LeshanServer.open(client, KeyPolicy.strict()))
        .withMessageContaining("localhost")
        .extracting(SourceException::reason)
        .isEqualTo(SourceException.Reason.UNAVAILABLE);
  }
}
