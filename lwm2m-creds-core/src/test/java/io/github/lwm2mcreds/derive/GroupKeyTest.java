// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.GroupKeys.bytes;
import static io.github.lwm2mcreds.derive.GroupKeys.key;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PreSharedKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupKeyTest {
  @Test
  void copyOf_bytes_areCopiedInAndOut() {
    byte[] own = bytes(1);
    GroupKey key = GroupKey.copyOf(1, own);
    Arrays.fill(own, (byte) 0);
    Arrays.fill(key.exposeBytes(), (byte) 0);

    assertThat(key.exposeBytes()).isEqualTo(bytes(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void copyOf_lengthInRange_isTaken(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);

    assertThat(GroupKey.copyOf(1, bytes).exposeBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9999})
  void copyOf_versionInRange_isTaken(int version) {
    assertThat(key(version).version()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 65})
  void copyOf_lengthOutOfRange_isRefused(int length) {
    assertThatThrownBy(() -> GroupKey.copyOf(1, Arrays.copyOf(new byte[0], length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 to 64 bytes, not " + length);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10_000})
  void copyOf_versionOutOfRange_isRefused(int version) {
    assertThatThrownBy(() -> key(version))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 9999, not " + version);
  }

  @Test
  void copyOf_bytesThatAreNotRandom_isRefused() {
    byte[] hexText = HexFormat.of().formatHex(bytes(1)).getBytes(US_ASCII);

    assertThatThrownBy(() -> GroupKey.copyOf(1, new byte[32]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("repeats one byte");
    assertThatThrownBy(() -> GroupKey.copyOf(1, hexText))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hex text");
  }

  /** What a key file holds, read as it is, would make the keys of a whole fleet wrong. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "8f1e6c0ad2b94735a1c85e7f30d69b42\n",
        "0x8f1e6c0ad2b94735a1c85e7f30d69b42",
        "8f:1e:6c:0a:d2:b9:47:35:a1:c8:5e:7f:30:d6:9b:42",
        "jx5sCtK5RzWhyF5/MNabQvHhSsrSuUc1ocheXzDWm0I=\r\n",
        "6f1e6c0a-d2b9-4735-a1c8-5e7f30d69b42",
      })
  void copyOf_textOfAKey_isRefused(String text) {
    assertThatThrownBy(() -> GroupKey.copyOf(1, text.getBytes(US_ASCII)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text")
        .hasMessageNotContaining("8f1e6c");
  }

  @Test
  void of_weakSecret_isDestroyed() {
    PreSharedKey weak = PreSharedKey.copyOf(new byte[32]);

    assertThatThrownBy(() -> GroupKey.of(1, weak)).isInstanceOf(IllegalArgumentException.class);

    assertThat(weak.isDestroyed()).isTrue();
  }

  @Test
  void derive_secretAndDerivedBytes_areWiped() {
    byte[] derived = bytes(2);
    List<byte[]> secrets = new ArrayList<>();

    PreSharedKey psk =
        key(1)
            .derive(
                secret -> {
                  assertThat(secret).isEqualTo(bytes(1));
                  secrets.add(secret);
                  return derived;
                });

    assertThat(psk).isEqualTo(PreSharedKey.copyOf(bytes(2)));
    assertThat(derived).isEqualTo(new byte[32]);
    assertThat(secrets).containsExactly(new byte[32]);
  }

  @Test
  void derive_functionFails_secretIsWiped() {
    List<byte[]> secrets = new ArrayList<>();

    assertThatThrownBy(
            () ->
                key(1)
                    .derive(
                        secret -> {
                          secrets.add(secret);
                          throw new IllegalStateException("HSM");
                        }))
        .hasMessage("HSM");

    assertThat(secrets).containsExactly(new byte[32]);
  }

  @Test
  void destroy_key_cannotBeUsedAnyMore() {
    GroupKey key = key(1);
    key.destroy();

    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(key::exposeBytes).isInstanceOf(IllegalStateException.class);
    assertThat(key).isEqualTo(key(1)).isNotEqualTo(GroupKey.copyOf(1, bytes(2)));
  }

  @Test
  void equals_versionAndBytes_both() {
    assertThat(key(1)).isEqualTo(key(1)).hasSameHashCodeAs(key(1)).isNotEqualTo(key(2));
    assertThat(GroupKey.copyOf(2, bytes(1))).isNotEqualTo(key(1));
  }

  @Test
  void hashCode_versionAlone_counts() {
    assertThat(key(1).hashCode())
        .isEqualTo(GroupKey.copyOf(1, bytes(2)).hashCode())
        .isNotEqualTo(key(2).hashCode());
  }

  @Test
  void toString_secret_isNotShown() {
    assertThat(key(7)).hasToString("GroupKey[version=7, <redacted>]");
  }

  @Test
  void checkValue_sameAsOfAnyKeyWithTheseBytes() {
    assertThat(key(1).checkValue()).isEqualTo(PreSharedKey.copyOf(bytes(1)).checkValue());
  }
}
