// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_EMPTY;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_NOT_HEX;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_LONG;
import static io.github.lwm2mcreds.Refusals.assertRefused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreSharedKeyTest {
  private static final String HEX = "8f1e6c0ad2b94735a1c85e7f30d69b42";

  private static PreSharedKey key(String hex) {
    return PreSharedKey.ofHex(hex.getBytes(US_ASCII));
  }

  @Test
  void copyOf_oneTo64Bytes_isAccepted() {
    assertThat(PreSharedKey.copyOf(new byte[1]).length()).isEqualTo(1);
    assertThat(PreSharedKey.copyOf(new byte[64]).length()).isEqualTo(64);
  }

  @Test
  void copyOf_noneOr65Bytes_isRefusedWithTheLimit() {
    assertRefused(KEY_EMPTY, () -> PreSharedKey.copyOf(new byte[0])).contains("1 to 64 bytes");
    assertRefused(KEY_TOO_LONG, () -> PreSharedKey.copyOf(new byte[65]))
        .contains("65 bytes", "at most 64", "RFC 4279");
  }

  @Test
  void copyOf_callerWipesItsArray_keyStays() {
    byte[] bytes = HexFormat.of().parseHex(HEX);
    PreSharedKey key = PreSharedKey.copyOf(bytes);
    Arrays.fill(bytes, (byte) 0);
    assertThat(key.exposeBytes()).isEqualTo(HexFormat.of().parseHex(HEX));
  }

  @Test
  void exposeBytes_callerWipesTheCopy_keyStays() {
    PreSharedKey key = key(HEX);
    Arrays.fill(key.exposeBytes(), (byte) 0);
    assertThat(key.exposeBytes()).isEqualTo(HexFormat.of().parseHex(HEX));
  }

  @Property(tries = 300)
  void ofHex_eitherCase_isTheSameKeyAsItsBytes(@ForAll @Size(min = 1, max = 64) byte[] bytes) {
    PreSharedKey key = PreSharedKey.copyOf(bytes);
    assertThat(key(HexFormat.of().formatHex(bytes))).isEqualTo(key);
    assertThat(key(HexFormat.of().withUpperCase().formatHex(bytes))).isEqualTo(key);
    assertThat(key.exposeBytes()).isEqualTo(bytes);
  }

  @Test
  void ofHex_noneOr130Digits_isRefused() {
    assertRefused(KEY_EMPTY, () -> key(""));
    assertThat(key("0".repeat(128)).length()).isEqualTo(64);
    assertRefused(KEY_TOO_LONG, () -> key("0".repeat(130))).contains("65 bytes");
  }

  @Test
  void ofHex_oddNumberOfDigits_isRefusedWithTheNumber() {
    assertRefused(KEY_NOT_HEX, () -> key("abc")).contains("odd", "3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0g", "g0", "0x", " 0", "0\n", "0/", "0:", "0@", "0G", "0`", "\0\0"})
  void ofHex_otherCharacters_areRefused(String hex) {
    assertRefused(KEY_NOT_HEX, () -> key(hex)).containsPattern("as character [12]|begins with 0x");
  }

  @Test
  void ofHex_wrongCharacter_isNamedByItsIndex() {
    assertRefused(KEY_NOT_HEX, () -> key("00112z")).contains("character 6");
  }

  @Test
  void ofHex_byteAbove127_isRefused() {
    // 0xb0 and 0x130 have the low byte of '0' in some careless table
    assertRefused(KEY_NOT_HEX, () -> PreSharedKey.ofHex(new byte[] {'0', (byte) 0xb0}));
  }

  @Test
  void destroy_overwritesTheKey_soThatNothingCanUseIt() {
    PreSharedKey key = key(HEX);
    assertThat(key.isDestroyed()).isFalse();
    key.destroy();
    key.destroy();
    assertThat(key.isDestroyed()).isTrue();
    assertThatIllegalStateException().isThrownBy(key::exposeBytes).withMessageContaining("destroy");
    assertThatIllegalStateException().isThrownBy(key::checkValue);
    assertThat(key.length()).isEqualTo(16);
    assertThat(key).hasToString("<redacted>");
  }

  @Test
  void equals_destroyedKeys_areEqualToWhatTheyWereBefore() {
    PreSharedKey destroyed = key(HEX);
    destroyed.destroy();
    PreSharedKey destroyedTwice = key(HEX);
    destroyedTwice.destroy();
    destroyedTwice.destroy();
    assertThat(destroyed).isEqualTo(destroyed).isEqualTo(key(HEX)).isEqualTo(destroyedTwice);
    assertThat(key(HEX)).isEqualTo(destroyed).hasSameHashCodeAs(destroyed);
  }

  @Test
  void equals_destroyedKeyAndOtherBytes_isFalse() {
    PreSharedKey destroyed = key(HEX);
    destroyed.destroy();
    PreSharedKey zeros = PreSharedKey.copyOf(new byte[16]);
    assertThat(destroyed).isNotEqualTo(zeros).isNotEqualTo(key(HEX + "00"));
    assertThat(zeros).isNotEqualTo(destroyed);
    zeros.destroy();
    assertThat(destroyed).isNotEqualTo(zeros);
    assertThat(zeros).isNotEqualTo(destroyed);
  }

  @Property(tries = 300)
  void equals_anyKeys_doesNotChangeWhenTheyAreDestroyed(
      @ForAll @Size(min = 1, max = 3) byte[] one, @ForAll @Size(min = 1, max = 3) byte[] other) {
    PreSharedKey first = PreSharedKey.copyOf(one);
    PreSharedKey second = PreSharedKey.copyOf(other);
    boolean same = Arrays.equals(one, other);
    assertThat(first.equals(second)).isEqualTo(same);
    first.destroy();
    assertThat(first.equals(second)).isEqualTo(same);
    assertThat(second.equals(first)).isEqualTo(same);
    second.destroy();
    assertThat(first.equals(second)).isEqualTo(same);
  }

  @Test
  void destroy_key_leavesASaltedHashOfItAlone() throws Exception {
    PreSharedKey key = key(HEX);
    byte[] unsalted = MessageDigest.getInstance("SHA-256").digest(key.exposeBytes());
    key.destroy();
    assertThat(field(key, "bytes")).hasSize(16).containsOnly(0);
    assertThat(field(key, "fingerprint")).hasSize(32).isNotEqualTo(unsalted);
  }

  private static byte[] field(PreSharedKey key, String name) throws Exception {
    Field field = PreSharedKey.class.getDeclaredField(name);
    field.setAccessible(true);
    return (byte[]) field.get(key);
  }

  @Test
  void equals_otherBytesOrLength_isFalse() {
    assertThat(key(HEX)).isEqualTo(key(HEX)).isNotEqualTo(key(HEX.substring(2)));
    assertThat(key(HEX)).isNotEqualTo(key("9" + HEX.substring(1))).isNotEqualTo(HEX);
    assertThat(key(HEX).equals(null)).isFalse();
  }

  @Test
  void hashCode_keysOfOneLength_isTheSame() {
    assertThat(key(HEX)).hasSameHashCodeAs(PreSharedKey.copyOf(new byte[16]));
    assertThat(key(HEX)).doesNotHaveSameHashCodeAs(key(HEX + "00"));
  }

  @Test
  void toString_anyKey_isRedacted() {
    assertThat(key(HEX)).hasToString("<redacted>");
  }

  @Test
  void secrets_areNotSerializable() {
    assertThat(List.of(PreSharedKey.class, DeviceCredential.class, KeyCheckValue.class))
        .noneMatch(Serializable.class::isAssignableFrom);
  }

  @Test
  void copyOf_tooLongText_isNamed() {
    byte[] hex = "8f1e6c0ad2b94735".repeat(8).getBytes(US_ASCII);
    assertRefused(KEY_TOO_LONG, () -> PreSharedKey.copyOf(hex)).contains("hex text");
    byte[] base64 = Base64.getEncoder().encode(new byte[64]);
    assertRefused(KEY_TOO_LONG, () -> PreSharedKey.copyOf(base64)).contains("Base64");
    byte[] random = new byte[88];
    assertRefused(KEY_TOO_LONG, () -> PreSharedKey.copyOf(random)).doesNotContain("text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0x00112233 | begins with 0x",
        "00:11:22 | a colon as character 3",
        "0011-22 | a hyphen as character 5",
        "0011 22 | a blank as character 5",
        "'\"0011\"' | a quote as character 1",
        "00112g | not a hex digit as character 6",
      })
  void ofHex_commonMistake_isNamed(String hex, String message) {
    assertRefused(KEY_NOT_HEX, () -> key(hex)).contains(message);
  }
}
