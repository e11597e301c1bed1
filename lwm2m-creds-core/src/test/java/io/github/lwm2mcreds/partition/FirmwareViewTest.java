// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static io.github.lwm2mcreds.partition.Samples.TOKEN;
import static io.github.lwm2mcreds.partition.Samples.TUTORIAL_TOKEN;
import static io.github.lwm2mcreds.partition.Samples.hex;
import static io.github.lwm2mcreds.partition.Samples.partition;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.partition.FirmwareView.EndpointSource;
import io.github.lwm2mcreds.partition.FirmwareView.KeySource;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dm-lwm2m firmware makes of a partition, quirk by quirk. */
class FirmwareViewTest {
  private static final String REST = TOKEN.substring(2);

  private static FirmwareView view(String endpoint, String token) {
    return FirmwareView.of(partition(endpoint, token));
  }

  private static void assertKey(FirmwareView view, KeySource source, String hex) {
    assertThat(view.keySource()).isEqualTo(source);
    assertThat(view.starts()).isTrue();
    assertThat(view.psk().orElseThrow().exposeBytes()).isEqualTo(hex(hex));
  }

  private static void assertDoesNotStart(FirmwareView view) {
    assertThat(view.keySource()).isEqualTo(KeySource.NONE);
    assertThat(view.starts()).isFalse();
    assertThat(view.psk()).isEmpty();
  }

  @Test
  void of_wellFormedPartition_isTakenAsItIs() {
    FirmwareView view = FirmwareView.of(PARTITION);
    assertThat(view.endpointSource()).isEqualTo(EndpointSource.PARTITION);
    assertThat(view.endpointBytes()).hasValue("deadbeef".getBytes(US_ASCII));
    assertThat(view.endpointName("zmp:sn:00000000")).isEqualTo("deadbeef");
    assertKey(view, KeySource.PARTITION, TOKEN);
  }

  @Test
  void of_erasedFlash_isASerialNameAndTheBuiltInKey() {
    FirmwareView view = view("\u00ff".repeat(33), "\u00ff".repeat(33));
    assertThat(view.endpointSource()).isEqualTo(EndpointSource.SERIAL);
    assertThat(view.endpointBytes()).isEmpty();
    assertThat(view.endpointName("zmp:sn:1234abcd")).isEqualTo("zmp:sn:1234abcd");
    assertKey(view, KeySource.BUILT_IN, "000102030405060708090a0b0c0d0e0f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff", "\u0001", "0", "e"})
  void of_endpointNotTerminated_isNotSet(String last) {
    FirmwareView view = view("e".repeat(32) + last, TOKEN);
    assertThat(view.endpointSource()).isEqualTo(EndpointSource.SERIAL);
    assertKey(view, KeySource.PARTITION, TOKEN);
  }

  @Test
  void of_endpointWithNulsButALastByteSet_isNotSet() {
    assertThat(view("ab" + "\0".repeat(30) + "x", TOKEN).endpointSource())
        .isEqualTo(EndpointSource.SERIAL);
  }

  @Test
  void of_emptyEndpoint_isAnEmptyName() {
    FirmwareView view = view("", TOKEN);
    assertThat(view.endpointSource()).isEqualTo(EndpointSource.PARTITION);
    assertThat(view.endpointBytes()).hasValue(new byte[0]);
    assertThat(view.endpointName("serial")).isEmpty();
  }

  @Test
  void of_endpointWithDirtAfterItsNul_endsAtTheNul() {
    assertThat(view("ab\0cd", TOKEN).endpointName("serial")).isEqualTo("ab");
  }

  @Test
  void of_endpointOutsideAscii_isTakenByteForByte() {
    FirmwareView view = view("\u00e9\n", TOKEN);
    assertThat(view.endpointBytes()).hasValue(new byte[] {(byte) 0xe9, '\n'});
    assertThat(view.endpointName("serial")).isEqualTo("\udce9\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff", "\u0001", "0"})
  void of_tokenNotTerminated_isTheBuiltInKey(String last) {
    assertKey(view("deadbeef", TOKEN + last), KeySource.BUILT_IN, TUTORIAL_TOKEN);
  }

  @Test
  void of_builtInKeySpelledOut_comesFromThePartition() {
    assertKey(view("deadbeef", TUTORIAL_TOKEN), KeySource.PARTITION, TUTORIAL_TOKEN);
  }

  @Test
  void of_upperCaseToken_isTheSameKey() {
    assertKey(view("e", TOKEN.toUpperCase(Locale.ROOT)), KeySource.PARTITION, TOKEN);
  }

  // value = (first << 4) + second in 8 bits, with g = 16 to z = 35
  @ParameterizedTest
  @CsvSource({
    "g0, 00", "0g, 10", "0z, 23", "fz, 13", "gz, 23", "z0, 30", "zz, 53", "hh, 21", "GZ, 23",
    "Zz, 53", "aG, b0", "ff, ff", "fg, 00", "0G, 10",
  })
  void of_lettersAfterF_silentlyGiveAWrongKey(String pair, String value) {
    assertKey(view("e", pair + REST), KeySource.PARTITION, value + REST);
    assertKey(view("e", REST + pair), KeySource.PARTITION, REST + value);
  }

  @ParameterizedTest
  @ValueSource(chars = {'/', ':', '@', '[', '`', '{', ' ', '-', '\u00e9', '\u00ff', '\n'})
  void of_otherCharacterInTheToken_keepsLwm2mFromStarting(char c) {
    assertDoesNotStart(view("e", c + TOKEN.substring(1)));
    assertDoesNotStart(view("e", TOKEN.substring(0, 31) + c));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 16, 30, 31})
  void of_shortToken_keepsLwm2mFromStarting(int length) {
    assertDoesNotStart(view("e", TOKEN.substring(0, length)));
  }

  @Test
  void of_tokenWithANulInside_keepsLwm2mFromStarting() {
    assertDoesNotStart(view("e", TOKEN.substring(0, 15) + "\0" + TOKEN.substring(16)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65, 67, 4096})
  void of_otherThan66Bytes_isRefused(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirmwareView.of(new byte[length]))
        .withMessageContainingAll("66", "" + length);
  }

  @Test
  void serialEndpoint_anyNumber_isEightHexDigits() {
    assertThat(FirmwareView.serialEndpoint(FirmwareView.DEFAULT_PREFIX, 0x1a2b))
        .isEqualTo("zmp:sn:00001a2b");
    assertThat(FirmwareView.serialEndpoint("acme", -1)).isEqualTo("acme:sn:ffffffff");
    assertThat(FirmwareView.serialEndpoint("acme", Integer.MIN_VALUE))
        .isEqualTo("acme:sn:80000000");
  }

  @Test
  void imeiEndpoint_modemBoard_isPrefixAndImei() {
    assertThat(FirmwareView.imeiEndpoint("zmp", "490154203237518"))
        .isEqualTo("zmp:imei:490154203237518");
  }

  @Test
  void destroy_view_destroysItsKey() {
    FirmwareView view = FirmwareView.of(PARTITION);
    assertThat(view.isDestroyed()).isFalse();
    view.destroy();
    assertThat(view.isDestroyed()).isTrue();
    assertThat(view.psk().orElseThrow().isDestroyed()).isTrue();
  }

  @Test
  void destroy_viewWithTheBuiltInKey_leavesTheConstantAlone() {
    FirmwareView.of(partition("e", TOKEN + "0")).destroy();
    assertKey(view("e", TOKEN + "0"), KeySource.BUILT_IN, TUTORIAL_TOKEN);
  }

  @Test
  void endpointBytes_callerWipesTheCopy_viewStays() {
    FirmwareView view = FirmwareView.of(PARTITION);
    view.endpointBytes().orElseThrow()[0] = 0;
    assertThat(view.endpointName("")).isEqualTo("deadbeef");
  }

  @Test
  void toString_view_namesTheSources() {
    assertThat(view("e", "zz"))
        .hasToString("FirmwareView[endpointSource=PARTITION, keySource=NONE]");
  }
}
