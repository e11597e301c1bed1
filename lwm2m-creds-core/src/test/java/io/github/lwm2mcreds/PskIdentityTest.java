// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_EMPTY;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_TEXT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_TOO_LONG;
import static io.github.lwm2mcreds.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PskIdentityTest {
  @Test
  void of_128Bytes_isAccepted() {
    assertThat(PskIdentity.of("a".repeat(128)).toBytes()).hasSize(128);
    assertThat(PskIdentity.of("\u00e9".repeat(64)).toBytes()).hasSize(128);
    assertThat(PskIdentity.of("\ud83d\udce1".repeat(32)).toBytes()).hasSize(128);
  }

  @Test
  void of_129Bytes_isRefusedWithTheLimit() {
    assertRefused(IDENTITY_TOO_LONG, () -> PskIdentity.of("a".repeat(129)))
        .contains("129 bytes", "at most 128", "RFC 4279");
    assertRefused(IDENTITY_TOO_LONG, () -> PskIdentity.of("a" + "\u00e9".repeat(64)));
    assertRefused(IDENTITY_TOO_LONG, () -> PskIdentity.ofBytes(new byte[129]));
  }

  @Test
  void of_nothing_isRefused() {
    assertRefused(IDENTITY_EMPTY, () -> PskIdentity.of("")).contains("1 to 128 bytes");
    assertRefused(IDENTITY_EMPTY, () -> PskIdentity.ofBytes(new byte[0]));
  }

  @Test
  void of_text_isUtf8OnTheWire() {
    // U+00E9 is c3 a9, U+20AC is e2 82 ac, U+1F4E1 is f0 9f 93 a1
    assertThat(PskIdentity.of("a\u00e9\u20ac\ud83d\udce1").toBytes())
        .isEqualTo(HexFormat.of().parseHex("61c3a9e282acf09f93a1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udbff", "\udc00", "\udc7f", "\udd00", "\udfff", "x\ud83dy"})
  void of_loneSurrogateThatIsNoByte_isRefused(String text) {
    assertRefused(IDENTITY_NOT_TEXT, () -> PskIdentity.of(text))
        .contains("lone surrogate at index " + (text.charAt(0) < 0x80 ? 1 : 0));
  }

  @Test
  void of_escapedByte_isThatByte() {
    assertThat(PskIdentity.of("a\udc80\udcffb").toBytes())
        .isEqualTo(HexFormat.of().parseHex("6180ff62"));
  }

  // From Python 3: bytes.fromhex(b).decode('utf-8', 'surrogateescape').encode('utf-16-be').hex()
  @ParameterizedTest
  @CsvSource({
    "61ff62, 0061dcff0062",
    "c080, dcc0dc80", // NUL, overlong
    "eda080, dceddca0dc80", // a surrogate
    "f4908080, dcf4dc90dc80dc80", // above U+10FFFF
    "e282, dce2dc82", // cut short
    "e28241, dce2dc820041", // cut short, then text
    "f09f9841, dcf0dc9fdc980041",
    "f041, dcf00041",
    "80f09f93a180, dc80d83ddce1dc80", // text between stray bytes
    "fefefe, dcfedcfedcfe",
    "00, 0000",
  })
  void asString_bytesThatAreNotUtf8_areLoneSurrogatesOneForEachByte(String bytes, String utf16) {
    PskIdentity identity = PskIdentity.ofBytes(HexFormat.of().parseHex(bytes));
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < utf16.length(); i += 4) {
      expected.append((char) HexFormat.fromHexDigits(utf16, i, i + 4));
    }
    assertThat(identity.asString()).isEqualTo(expected.toString());
    assertThat(PskIdentity.of(identity.asString())).isEqualTo(identity);
  }

  @Property(tries = 1000)
  void asString_anyBytes_leadsBackToThem(@ForAll("wireBytes") byte[] bytes) {
    PskIdentity identity = PskIdentity.ofBytes(bytes);
    assertThat(PskIdentity.of(identity.asString()).toBytes()).isEqualTo(bytes);
  }

  @Property(tries = 500)
  void asString_twoIdentities_areAlikeOnlyIfTheirBytesAre(
      @ForAll("shortWireBytes") byte[] one, @ForAll("shortWireBytes") byte[] other) {
    PskIdentity left = PskIdentity.ofBytes(one);
    PskIdentity right = PskIdentity.ofBytes(other);
    boolean same = Arrays.equals(one, other);
    assertThat(left.asString().equals(right.asString())).isEqualTo(same);
    assertThat(left.equals(right)).isEqualTo(same);
    assertThat(!same || left.hashCode() == right.hashCode()).isTrue();
  }

  @Property(tries = 500)
  void asString_utf8Text_isThatText(@ForAll("texts") String text) {
    PskIdentity identity = PskIdentity.of(text);
    assertThat(identity.asString()).isEqualTo(text);
    assertThat(identity.toBytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 500)
  void toString_anyBytes_isOneLineWithoutControlsOrSurrogateHalves(
      @ForAll("wireBytes") byte[] bytes) {
    assertThat(PskIdentity.ofBytes(bytes).toString().codePoints())
        .noneMatch(c -> Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff || c == 0x2028);
  }

  @Test
  void ofBytes_callerWipesItsArray_identityStays() {
    byte[] bytes = {'a', 'b'};
    PskIdentity identity = PskIdentity.ofBytes(bytes);
    bytes[0] = 0;
    identity.toBytes()[1] = 0;
    assertThat(identity).isEqualTo(PskIdentity.of("ab"));
  }

  @Test
  void toString_lineBreakAndForeignByte_areEscaped() {
    assertThat(PskIdentity.ofBytes(new byte[] {'a', '\n', (byte) 0xff, 'b'}))
        .hasToString("a\\u000a\\xffb");
  }

  @Test
  void equals_otherIdentity_isFalse() {
    assertThat(PskIdentity.of("ab"))
        .isNotEqualTo(PskIdentity.of("ac"))
        .doesNotHaveSameHashCodeAs(PskIdentity.of("ac"));
  }

  @Test
  void of_loneSurrogate_isNamedByItsIndex() {
    assertRefused(IDENTITY_NOT_TEXT, () -> PskIdentity.of("ab\ud800c")).contains("index 2");
  }

  @Test
  void equals_somethingElse_isFalse() {
    assertThat(PskIdentity.of("ab")).isNotEqualTo("ab").isNotEqualTo(null);
    assertThat(PskIdentity.of("ab")).isNotInstanceOf(Serializable.class);
  }

  @Provide
  Arbitrary<byte[]> wireBytes() {
    return wireBytes(128);
  }

  @Provide
  Arbitrary<byte[]> shortWireBytes() {
    return wireBytes(2);
  }

  /** Bytes that meet UTF-8 decoders where they differ: lead bytes, their limits, cut sequences. */
  private static Arbitrary<byte[]> wireBytes(int maxLength) {
    Arbitrary<Byte> edges =
        Arbitraries.of(
                0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0,
                0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff)
            .map(Integer::byteValue);
    return Arbitraries.oneOf(edges, Arbitraries.bytes())
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(maxLength);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(40),
            Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .map(Character::toString)
                .list()
                .ofMinSize(1)
                .ofMaxSize(32)
                .map(parts -> String.join("", parts)))
        .filter(text -> text.getBytes(StandardCharsets.UTF_8).length <= 128);
  }
}
