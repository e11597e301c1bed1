// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class KeyReuseTest {
  private final KeyReuse<Integer> keys = new KeyReuse<>();

  private static PreSharedKey key(int seed) {
    return PreSharedKey.copyOf(new byte[] {1, 2, 3, (byte) seed});
  }

  @Test
  void add_keysOfTheirOwn_clashWithNothing() {
    for (int i = 0; i < 100; i++) {
      assertThat(keys.add("e" + i, key(i), i).isEmpty()).isTrue();
    }
  }

  @Test
  void add_keyOfAnotherEndpoint_namesTheFirstOne() {
    keys.add("a", key(1), 10);
    keys.add("b", key(2), 11);
    KeyReuse.Clash<Integer> clash = keys.add("c", key(1), 12);
    assertThat(clash.sameKey()).contains(new KeyReuse.Earlier<>("a", key(1).checkValue(), 10));
    assertThat(clash.otherKey()).isEmpty();
    assertThat(keys.add("d", key(1), 13).sameKey().orElseThrow().endpoint()).isEqualTo("a");
  }

  @Test
  void add_sameCredentialAgain_isNoClash() {
    keys.add("a", key(1), 10);
    assertThat(keys.add("a", key(1), 11).isEmpty()).isTrue();
  }

  @Test
  void add_otherKeyOfAnEndpoint_isFound() {
    keys.add("a", key(1), 10);
    keys.add("b", key(2), 11);
    KeyReuse.Clash<Integer> clash = keys.add("a", key(2), 12);
    assertThat(clash.otherKey().orElseThrow().place()).isEqualTo(10);
    assertThat(clash.sameKey().orElseThrow().place()).isEqualTo(11);
  }

  @Test
  void add_keyThatIsDestroyedLater_isStillKnown() {
    PreSharedKey key = key(1);
    keys.add("a", key, 10);
    key.destroy();
    assertThat(keys.add("b", key(1), 11).sameKey()).isPresent();
    assertThatIllegalStateException().isThrownBy(() -> keys.add("c", key, 12));
  }
}
