// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCheckValueTest {
  // First eight digits of, with the key's length in place of 10:
  // printf 'lwm2m-creds check value\x10' | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY
  @ParameterizedTest
  @CsvSource({
    "000102030405060708090a0b0c0d0e0f, 334c1310",
    "8f1e6c0ad2b94735a1c85e7f30d69b42, ba1a3db7",
    "00, 64d3899f",
    "0000, 08e8b998",
  })
  void checkValue_knownKey_isWhatOpensslSays(String key, String checkValue) {
    assertThat(PreSharedKey.ofHex(key.getBytes(US_ASCII)).checkValue()).hasToString(checkValue);
  }

  @Test
  void checkValue_longestKey_isWhatPythonSays() {
    // python3 -c "import hmac; print(hmac.new(b'\xff' * 64, b'lwm2m-creds check value\x40',
    // 'sha256').hexdigest()[:8])"
    assertThat(PreSharedKey.ofHex("ff".repeat(64).getBytes(US_ASCII)).checkValue())
        .hasToString("4144395e");
  }

  @Property(tries = 100)
  void checkValue_sameKeyTwice_isEqualAndEightHexDigits(
      @ForAll @Size(min = 1, max = 64) byte[] bytes) {
    KeyCheckValue one = PreSharedKey.copyOf(bytes).checkValue();
    KeyCheckValue other = PreSharedKey.copyOf(bytes).checkValue();
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.toString()).matches("[0-9a-f]{8}");
  }

  @Property(tries = 100)
  void parse_whatAKeyShows_isItsCheckValue(@ForAll @Size(min = 1, max = 64) byte[] bytes) {
    KeyCheckValue shown = PreSharedKey.copyOf(bytes).checkValue();
    assertThat(KeyCheckValue.parse(shown.toString())).contains(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "334c131", "334c13100", "334C1310", "334c131g", " 334c1310", "334c1310\n"})
  void parse_anythingElse_isEmpty(String text) {
    assertThat(KeyCheckValue.parse(text)).isEmpty();
  }

  @Test
  void equals_otherKeyOrThing_isFalse() {
    KeyCheckValue one = PreSharedKey.copyOf(new byte[] {1}).checkValue();
    KeyCheckValue other = PreSharedKey.copyOf(new byte[] {2}).checkValue();
    assertThat(one).isNotEqualTo(other).doesNotHaveSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(one.toString());
  }
}
