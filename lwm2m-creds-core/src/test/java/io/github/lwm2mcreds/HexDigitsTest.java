// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HexDigitsTest {
  private static byte[] decode(String text) {
    return HexDigits.decode(text.getBytes(ISO_8859_1), 0, text.length());
  }

  private static int indexOfNonDigit(String text, int from, int to) {
    return HexDigits.indexOfNonDigit(text.getBytes(ISO_8859_1), from, to);
  }

  @Property(tries = 300)
  void encode_anyBytes_areTheDigitsThatTheJdkWrites(@ForAll byte[] bytes) {
    byte[] digits = HexDigits.encode(bytes);
    assertThat(new String(digits, US_ASCII)).isEqualTo(HexFormat.of().formatHex(bytes));
    assertThat(HexDigits.decode(digits, 0, digits.length)).isEqualTo(bytes);
  }

  @Test
  void encode_upperCaseIntoABuffer_writesAtItsPosition() {
    ByteBuffer out = ByteBuffer.allocate(6).put((byte) ':');
    byte[] bytes = {(byte) 0xaf, 0x09};
    assertThat(HexDigits.encode(bytes, HexFormat.of().withUpperCase(), out)).isSameAs(out);
    assertThat(out.position()).isEqualTo(5);
    assertThat(out.array()).isEqualTo(":AF09\0".getBytes(US_ASCII));
  }

  @Test
  void encode_bufferWithoutRoom_isRefused() {
    assertThatExceptionOfType(BufferOverflowException.class)
        .isThrownBy(() -> HexDigits.encode(new byte[2], HexFormat.of(), ByteBuffer.allocate(3)));
  }

  @Test
  void decode_eitherCase_isTheSame() {
    assertThat(decode("09afAF90")).isEqualTo(new byte[] {9, (byte) 0xaf, (byte) 0xaf, (byte) 0x90});
    assertThat(decode("")).isEmpty();
  }

  @Test
  void decode_range_isReadAlone() {
    assertThat(HexDigits.decode("x0102x".getBytes(US_ASCII), 1, 5)).isEqualTo(new byte[] {1, 2});
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "012", "zzz"})
  void decode_oddNumberOfDigits_isRefusedWithTheNumber(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decode(text))
        .withMessageContainingAll("odd", " " + text.length() + ";");
  }

  @ParameterizedTest
  @ValueSource(strings = {"g", "x", " ", "\n", "/", ":", "@", "G", "`", "\0", "\u00b0", "\u00ff"})
  void decode_otherCharacter_isRefusedWithItsIndexAndNotShown(String other) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decode("01" + other + "2"))
        .withMessage("the character at index 2 is not a hex digit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decode("012" + other))
        .withMessageContaining("index 3");
  }

  @Test
  void indexOfNonDigit_range_isLookedAtAlone() {
    assertThat(indexOfNonDigit("x09afAFx", 1, 7)).isEqualTo(-1);
    assertThat(indexOfNonDigit("x09afAFx", 1, 8)).isEqualTo(7);
    assertThat(indexOfNonDigit("x09afAFx", 0, 8)).isZero();
    assertThat(indexOfNonDigit("xx", 1, 1)).isEqualTo(-1);
  }

  @Test
  void decode_rangeOutsideTheText_isRefused() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> HexDigits.decode(new byte[2], 1, 3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> HexDigits.decode(new byte[2], 2, 0));
  }
}
