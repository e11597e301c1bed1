// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.junit.jupiter.api.Test;

class RecentSeedsTest {
  private final RecentSeeds seeds =
      new RecentSeeds(new ScandiumPskStore(new InMemoryCredentialStore()));

  private PskPublicInformation ask(String identity, byte[] seed, boolean extended) {
    PskPublicInformation handshake = new PskPublicInformation(identity, identity.getBytes(UTF_8));
    ConnectionId cid = new ConnectionId(new byte[] {1});
    assertThat(
            seeds.requestPskSecretResult(cid, null, handshake, "HmacSHA256", null, seed, extended))
        .as("what the store behind it says")
        .isNotNull();
    return handshake;
  }

  @Test
  void find_handshakesOfOneIdentity_haveSeedsOfTheirOwn() {
    PskPublicInformation first = ask("sensor", new byte[] {1}, true);
    PskPublicInformation second = ask("sensor", new byte[] {2}, true);

    assertThat(seeds.find(first)).contains(new byte[] {1});
    assertThat(seeds.find(second)).contains(new byte[] {2});
  }

  @Test
  void find_handshakeWithoutSessionHash_isEmpty() {
    assertThat(seeds.find(ask("sensor", new byte[64], false))).isEmpty();
  }

  @Test
  void find_identityThatIsTooLong_isEmpty() {
    assertThat(seeds.find(ask("i".repeat(128), new byte[32], true))).isPresent();
    assertThat(seeds.find(ask("i".repeat(129), new byte[32], true))).isEmpty();
  }

  @Test
  void find_manyHandshakesLater_isEmpty() {
    PskPublicInformation first = ask("sensor", new byte[32], true);
    for (int i = 0; i < 1023; i++) {
      ask("other", new byte[32], true);
    }
    assertThat(seeds.find(first)).isPresent();

    ask("other", new byte[32], true);

    assertThat(seeds.find(first)).isEmpty();
  }
}
