// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SeenKeysTest {
  private final SeenKeys seen = new SeenKeys();

  private static DeviceCredential credential(int endpoint, int key) {
    return credential(endpoint, endpoint, key);
  }

  private static DeviceCredential credential(int endpoint, int identity, int key) {
    return DeviceCredential.of(
        "e" + endpoint,
        PskIdentity.of("i" + identity),
        PreSharedKey.copyOf(ByteBuffer.allocate(16).putInt(key).array()));
  }

  @Test
  void add_otherIdentityOfAnEndpoint_isFound_thoughTheKeyIsTheSame() {
    seen.add(credential(1, 1, 1), 10);

    SeenKeys.Clash clash = seen.add(credential(1, 2, 1), 11);

    assertThat(clash.otherCredential()).hasValue(10);
    assertThat(clash.sameKey()).isEmpty();
  }

  /** As many as make it grow several times, compared with maps of what came first. */
  @Property(tries = 20)
  void add_ofAnything_namesTheFirstThatClashes(@ForAll long seed) {
    Random random = new Random(seed);
    int names = 1 + random.nextInt(3_000);
    SeenKeys keys = new SeenKeys();
    Map<Integer, int[]> byKey = new HashMap<>();
    Map<Integer, int[]> byEndpoint = new HashMap<>();
    for (int place = 0; place < 4_000; place++) {
      int[] one = {random.nextInt(names), random.nextInt(names), place};

      SeenKeys.Clash clash = keys.add(credential(one[0], one[1]), place);

      int[] withKey = byKey.computeIfAbsent(one[1], key -> one);
      int[] ofEndpoint = byEndpoint.computeIfAbsent(one[0], name -> one);
      assertThat(clash.sameKey())
          .isEqualTo(withKey[0] == one[0] ? OptionalLong.empty() : OptionalLong.of(withKey[2]));
      assertThat(clash.otherCredential())
          .isEqualTo(
              ofEndpoint[1] == one[1] ? OptionalLong.empty() : OptionalLong.of(ofEndpoint[2]));
    }
  }

  @Test
  void hash_isThatOfTheKey_andOfThisObjectAlone() {
    PreSharedKey key = credential(1, 7).psk();

    assertThat(seen.hash(key)).isEqualTo(seen.hash(credential(2, 7).psk()));
    assertThat(seen.hash(key)).isNotEqualTo(seen.hash(credential(2, 8).psk()));
    assertThat(seen.hash(key)).isNotEqualTo(new SeenKeys().hash(key));
  }
}
