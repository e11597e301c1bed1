package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.KeyWeakness.ALL_BYTES_EQUAL;
import static io.github.lwm2mcreds.KeyWeakness.ASCII_HEX;
import static io.github.lwm2mcreds.KeyWeakness.BUILT_IN_KEY;
import static io.github.lwm2mcreds.KeyWeakness.COUNTING_SEQUENCE;
import static io.github.lwm2mcreds.KeyWeakness.TOO_SHORT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Locale;
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
        "00020406080a0c0e10121416181a1c1e", // counts by two
        "00010001000100010001000100010001", // up and down
        "00000000000000000000000000000001",
      })
  void weaknesses_nearlyRegularKeys_areNotReported(String hex) {
    assertThat(weaknesses(hex)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "ff", "61"})
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

  @Test
  void weaknesses_hexTextOfOtherLengthOrWithOtherLetters_areNone() {
    assertThat(weaknessesOfText(GOOD.substring(1))).isEmpty();
    assertThat(weaknessesOfText(GOOD + "0")).isEmpty();
    assertThat(weaknessesOfText(GOOD.replace('e', 'g'))).isEmpty();
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
