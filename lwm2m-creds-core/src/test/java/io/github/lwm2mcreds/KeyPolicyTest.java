// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.KeyWeakness.ALL_BYTES_EQUAL;
import static io.github.lwm2mcreds.KeyWeakness.ASCII_BASE64;
import static io.github.lwm2mcreds.KeyWeakness.ASCII_HEX;
import static io.github.lwm2mcreds.KeyWeakness.ASCII_UUID;
import static io.github.lwm2mcreds.KeyWeakness.BUILT_IN_KEY;
import static io.github.lwm2mcreds.KeyWeakness.COUNTING_SEQUENCE;
import static io.github.lwm2mcreds.KeyWeakness.REPEATING_PATTERN;
import static io.github.lwm2mcreds.KeyWeakness.TOO_SHORT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPolicyTest {
  private static final String GOOD = "8f1e6c0ad2b94735a1c85e7f30d69b42";
  private static final String BUILT_IN = "000102030405060708090a0b0c0d0e0f";

  private static Set<KeyWeakness> weaknesses(String hex) {
    return KeyPolicy.weaknesses(PreSharedKey.ofHex(hex.getBytes(US_ASCII)));
  }

  private static Set<KeyWeakness> weaknessesOfText(String text) {
    return KeyPolicy.weaknesses(PreSharedKey.copyOf(text.getBytes(US_ASCII)));
  }

  private static DeviceCredential credential(String hex) {
    return DeviceCredential.of("deadbeef", PreSharedKey.ofHex(hex.getBytes(US_ASCII)));
  }

  @Test
  void weaknesses_randomKeyOf16Bytes_areNone() {
    assertThat(weaknesses(GOOD)).isEmpty();
    assertThat(weaknesses(GOOD.repeat(4))).isEmpty();
  }

  @Test
  void weaknesses_15Bytes_areTooShort() {
    assertThat(weaknesses(GOOD.substring(2))).containsExactly(TOO_SHORT);
  }

  @Test
  void weaknesses_builtInKey_areThatAloneAndNotCounting() {
    assertThat(weaknesses(BUILT_IN)).containsExactly(BUILT_IN_KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "000102030405060708090a0b0c0d0e, TOO_SHORT", // one byte less than the built-in key
    "000102030405060708090a0b0c0d0e0f10, ",
    "0102030405060708090a0b0c0d0e0f10, ",
    "f8f9fafbfcfdfeff0001020304050607, ", // past 255
    "0f0e0d0c0b0a09080706050403020100, ",
    "07060504030201 00fffefdfcfbfaf9f8, ", // past 0
  })
  void weaknesses_countingUpOrDownWithWrapAround_areFound(String hex, KeyWeakness besides) {
    Set<KeyWeakness> found = weaknesses(hex.replace(" ", ""));
    assertThat(found).contains(COUNTING_SEQUENCE).hasSize(besides == null ? 1 : 2);
    assertThat(besides == null || found.contains(besides)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000102030405060708090a0b0c0d0e0e", // the last byte is out of step
        "010102030405060708090a0b0c0d0e0f", // the first is
        "00010001000100010001000100010002", // a pattern but for its end
        "00112233445566778899aabbccddeefe",
        "0001020304050607ff00010203040506", // a pattern of more than half
        "00000000000000000000000000000001",
      })
  void weaknesses_nearlyRegularKeys_areNotReported(String hex) {
    assertThat(weaknesses(hex)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "ff", "81"})
  void weaknesses_oneByteRepeated_areFound(String hex) {
    assertThat(weaknesses(hex.repeat(16))).containsExactly(ALL_BYTES_EQUAL);
    assertThat(weaknesses(hex.repeat(63))).containsExactly(ALL_BYTES_EQUAL);
    assertThat(weaknesses(hex)).containsExactly(TOO_SHORT, ALL_BYTES_EQUAL);
  }

  @Test
  void weaknesses_hexTextOf32Or64Bytes_areFoundInEitherCase() {
    assertThat(weaknessesOfText(GOOD)).containsExactly(ASCII_HEX);
    assertThat(weaknessesOfText(GOOD.toUpperCase(Locale.ROOT))).containsExactly(ASCII_HEX);
    assertThat(weaknessesOfText(GOOD + BUILT_IN)).containsExactly(ASCII_HEX);
    assertThat(weaknessesOfText("a".repeat(32))).containsExactly(ALL_BYTES_EQUAL, ASCII_HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8f1e6c0ad2b94735a1c85e7f30d69b42\n",
        "8f1e6c0ad2b94735a1c85e7f30d69b42\r\n",
        "8f1e6c0ad2b94735a1c85e7f30d69b42\0",
        "0x8f1e6c0ad2b94735a1c85e7f30d69b42",
        "0X8F1E6C0AD2B94735\n",
        "\"8f1e6c0ad2b94735a1c85e7f30d69b42\"",
        "8f:1e:6c:0a:d2:b9:47:35:a1:c8:5e:7f:30:d6:9b:42",
        "8f 1e 6c 0a d2 b9 47 35 a1 c8 5e 7f 30 d6 9b 42\n",
        "8f-1e-6c-0a-d2-b9",
        "0x8f, 0x1e, 0x6c, 0x0a",
        "8f1e6c0ad2b94735",
        "8f1e6c0ad2b94735a",
        "8f1e6c0ad2b94735a1c85e7f30d69b4",
        "8f1e6c0ad2b94735a1c85e7f30d69b42a1c85e7f30d69b42",
        "8f1e6c0ad2b94735a1c85e7f30d69b428f1e6c0ad2b94735a1c85e7f30d69b4a",
      })
  void weaknesses_hexTextInAnyDress_areFound(String text) {
    assertThat(weaknessesOfText(text)).containsExactly(ASCII_HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jx5sCtK5RzWhyF5/MNabQg==",
        "jx5sCtK5RzWhyF5/MNabQg==\r\n",
        "jx5sCtK5RzWhyF5_MNabQg",
        "'jx5sCtK5RzWhyF5/MNabQg=='",
        "jx5sCtK5RzWhyF5/MNabQvHhSsrSuUc1ocheXzDWm0I=",
        "jx5sCtK5RzWhyF5-MNabQvHhSsrSuUc1ocheXzDWm0I",
      })
  void weaknesses_base64TextOfAUsualLength_areFound(String text) {
    assertThat(weaknessesOfText(text)).containsExactly(ASCII_BASE64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "6f1e6c0a-d2b9-4735-a1c8-5e7f30d69b42",
        "6F1E6C0A-D2B9-4735-A1C8-5E7F30D69B42\n",
        "{6f1e6c0a-d2b9-4735-a1c8-5e7f30d69b42}",
      })
  void weaknesses_textOfAUuid_areFound(String text) {
    assertThat(weaknessesOfText(text)).containsExactly(ASCII_UUID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8f1e6c0ad2b9473", // too short to tell, and weak for that
        "8g1e6c0ad2b94735a1c85e7f30d69b42",
        "x8f1e6c0ad2b94735a1c85e7f30d69b4",
        "8f1e6c0ad2b94735;",
        "a:::::::::::::::::::::::::::::::b",
        "jx5sCtK5RzWhyF5/MNabQr==", // its last digit has bits that no byte has
        "jx5sCtK5RzWhyF5/MNabQg=",
        "jx5sCtK5RzWhyF5/MNa=Qg==",
        "correct horse battery staple",
        "6f1e6c0a-d2b9-4735-a1c8_5e7f30d69b42",
      })
  void weaknesses_otherText_areNotTakenForIt(String text) {
    assertThat(weaknessesOfText(text)).doesNotContain(ASCII_HEX, ASCII_BASE64, ASCII_UUID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "0123456789abcdef0123456789abcdef",
        "fedcba9876543210fedcba9876543210",
        "00010001000100010001000100010001",
        "12312312312312312312312312312312",
        "12345123451234512345123451234512",
        "a1c85e7f30d69b8f1ea1c85e7f30d69b8f1e",
      })
  void weaknesses_shortPattern_areFound(String hex) {
    assertThat(weaknesses(hex)).containsExactly(REPEATING_PATTERN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00112233445566778899aabbccddeeff",
        "ffeeddccbbaa99887766554433221100",
        "00020406080a0c0e10121416181a1c1e",
      })
  void weaknesses_countingByAnyStep_areFound(String hex) {
    assertThat(weaknesses(hex)).containsExactly(COUNTING_SEQUENCE);
  }

  @Test
  void weaknesses_shortKeys_areTooShortAndNoMore() {
    assertThat(weaknesses("8f1e")).containsExactly(TOO_SHORT);
    assertThat(weaknesses("8f1ead")).containsExactly(TOO_SHORT);
    assertThat(weaknesses("8f1e8f1e")).containsExactly(TOO_SHORT);
    assertThat(weaknesses("deadbeefdeadbeef")).containsExactly(TOO_SHORT, REPEATING_PATTERN);
  }

  /** The probabilities are in the enum's documentation; each is too small to happen here. */
  @Test
  void weaknesses_millionRandomKeys_areNone() {
    Random random = new Random(11);
    for (int i = 0; i < 1_000_000; i++) {
      byte[] key = new byte[KeyPolicy.MIN_STRONG_LENGTH + i % 49];
      random.nextBytes(key);
      assertThat(KeyPolicy.weaknessesOf(key)).isEmpty();
    }
  }

  @Test
  void check_strictPolicy_refusesAWeakKeyAndSaysWhy() {
    assertThatExceptionOfType(WeakKeyException.class)
        .isThrownBy(() -> KeyPolicy.strict().check(credential("00")))
        .withMessageContainingAll("'deadbeef'", "fewer than 16 bytes", " and ", "repeats one byte")
        .satisfies(e -> assertThat(e.weaknesses()).containsExactly(TOO_SHORT, ALL_BYTES_EQUAL));
  }

  @Test
  void check_strictPolicy_acceptsAGoodKey() {
    assertThatCode(() -> KeyPolicy.strict().check(credential(GOOD))).doesNotThrowAnyException();
  }

  @Test
  void check_relaxedPolicy_acceptsWhatItAllowsAndNoMore() {
    KeyPolicy policy = KeyPolicy.strict().allowing(TOO_SHORT);
    assertThatCode(() -> policy.check(credential("8f1e6c"))).doesNotThrowAnyException();
    assertThatExceptionOfType(WeakKeyException.class)
        .isThrownBy(() -> policy.check(credential("8f8f8f")))
        .satisfies(e -> assertThat(e.weaknesses()).containsExactly(ALL_BYTES_EQUAL));
  }

  @Test
  void allowing_twice_addsUpAndLeavesTheFirstPolicyAlone() {
    KeyPolicy first = KeyPolicy.strict().allowing(TOO_SHORT);
    KeyPolicy both = first.allowing(ALL_BYTES_EQUAL);
    assertThatCode(() -> both.check(credential("8f8f8f"))).doesNotThrowAnyException();
    assertThatThrownBy(() -> first.check(credential("8f8f8f")));
    assertThatThrownBy(() -> KeyPolicy.strict().check(credential("8f1e6c")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", BUILT_IN, "ffffffffffffffffffffffffffffffff"})
  void check_policyThatAllowsAnyKey_acceptsIt(String hex) {
    assertThatCode(() -> KeyPolicy.allowingAnyKey().check(credential(hex)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void description_anyWeakness_readsAfterTheKey(KeyWeakness weakness) {
    assertThat(weakness.description()).matches("(is|has|repeats|counts) .*[^.]");
  }

  @Test
  void toString_policy_namesWhatItAllows() {
    assertThat(KeyPolicy.strict()).hasToString("KeyPolicy[strict]");
    assertThat(KeyPolicy.strict().allowing(ASCII_HEX, TOO_SHORT))
        .hasToString("KeyPolicy[allowing [TOO_SHORT, ASCII_HEX]]");
  }

  @Test
  void builtInKey_destroyed_isACopy() {
    KeyPolicy.builtInKey().destroy();
    assertThat(KeyPolicy.builtInKey().exposeBytes()).isEqualTo(HexFormat.of().parseHex(BUILT_IN));
  }

  @Test
  void weaknesses_result_cannotBeModified() {
    Set<KeyWeakness> found = weaknesses("00");
    assertThatThrownBy(found::clear).isInstanceOf(UnsupportedOperationException.class);
  }
}
