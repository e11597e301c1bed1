// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.FlashImage.Format.HEX;
import static io.github.lwm2mcreds.partition.FlashImage.Format.PAGE;
import static io.github.lwm2mcreds.partition.FlashImage.Format.RAW;
import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static io.github.lwm2mcreds.partition.Samples.TOKEN;
import static io.github.lwm2mcreds.partition.Samples.partition;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlashImageTest {
  private static final PartitionLocation LOCATION = Board.NRF52_BLENANO2.location();
  private static final Optional<PartitionLocation> SOMEWHERE = Optional.of(LOCATION);
  private static final Optional<PartitionLocation> NOWHERE = Optional.empty();

  private static void assertRefused(
      byte[] file, Optional<PartitionLocation> location, Reason reason) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> FlashImage.decode(file, location))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static byte[] erased(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  private static byte[] dump(int size, int address) {
    byte[] bytes = erased(size);
    System.arraycopy(PARTITION, 0, bytes, address, 66);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void decode_everyFormatWritten_isRead(FlashImage.Format format) throws Exception {
    byte[] file = FlashImage.encode(format, PARTITION, LOCATION);
    assertThat(FlashImage.decode(file, LOCATION)).isEqualTo(PARTITION);
    assertThat(FlashImage.decode(file)).isEqualTo(PARTITION);
  }

  @Test
  void encode_raw_isThePartitionAlone() {
    byte[] file = FlashImage.encode(RAW, PARTITION, LOCATION);
    assertThat(file).isEqualTo(PARTITION).isNotSameAs(PARTITION);
  }

  @Test
  void encode_page_isPaddedAsErasedFlash() {
    byte[] file = FlashImage.encode(PAGE, PARTITION, LOCATION);
    assertThat(file).hasSize(0x1000).isEqualTo(dump(0x1000, 0));
    assertThat(FlashImage.encode(PAGE, PARTITION, new PartitionLocation(0, 66)))
        .isEqualTo(PARTITION);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65, 67})
  void encode_otherThan66Bytes_isRefused(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FlashImage.encode(HEX, new byte[length], LOCATION))
        .withMessageContainingAll("66", "" + length);
  }

  @Test
  void decode_pageOfAnotherSize_needsItsSize() throws Exception {
    PartitionLocation location = new PartitionLocation(0x7f000, 0x2000);
    byte[] page = FlashImage.encode(PAGE, PARTITION, location);
    assertThat(FlashImage.decode(page, Optional.of(location))).isEqualTo(PARTITION);
    assertRefused(page, NOWHERE, Reason.LOCATION_NEEDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7f000 + 66, 0x80000, 0x100000})
  void decode_dumpWithLocation_isReadThere(int size) throws Exception {
    assertThat(FlashImage.decode(dump(size, 0x7f000), SOMEWHERE)).isEqualTo(PARTITION);
  }

  @ParameterizedTest
  @ValueSource(ints = {67, 0x7f000, 0x7f000 + 65})
  void decode_dumpThatEndsTooEarly_isIncomplete(int size) {
    assertRefused(erased(size), SOMEWHERE, Reason.INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(ints = {67, 0xfff, 0x1001, 0x80000})
  void decode_dumpWithoutLocation_needsOne(int size) {
    assertRefused(erased(size), NOWHERE, Reason.LOCATION_NEEDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65})
  void decode_fewerThan66Bytes_isIncomplete(int size) {
    assertRefused(erased(size), SOMEWHERE, Reason.INCOMPLETE);
    assertRefused(Arrays.copyOf(PARTITION, size), NOWHERE, Reason.INCOMPLETE);
  }

  @Test
  void decode_endpointThatBeginsWithAColon_isNotTakenForHex() throws Exception {
    byte[] colon = partition(":00000001FF", TOKEN);
    assertThat(FlashImage.decode(colon, NOWHERE)).isEqualTo(colon);
    byte[] page = FlashImage.encode(PAGE, colon, LOCATION);
    assertThat(FlashImage.decode(page, NOWHERE)).isEqualTo(colon);
  }

  @Test
  void decode_hexOfAPage_isReadAtItsFirstAddress() throws Exception {
    byte[] file = IntelHex.encode(0x7f000, dump(0x1000, 0));
    assertThat(FlashImage.decode(file, NOWHERE)).isEqualTo(PARTITION);
  }

  @Test
  void decode_hexOfTheWholeFlash_needsTheLocation() throws Exception {
    byte[] file = IntelHex.encode(0x7c000, dump(0x4000, 0x3000));
    assertThat(FlashImage.decode(file, SOMEWHERE)).isEqualTo(PARTITION);
    assertRefused(file, NOWHERE, Reason.LOCATION_NEEDED);
  }

  @Test
  void decode_hexForAnotherBoard_isIncomplete() {
    byte[] file = FlashImage.encode(HEX, PARTITION, Board.REEL_BOARD.location());
    assertRefused(file, SOMEWHERE, Reason.INCOMPLETE);
  }

  @Test
  void decode_hexWithAHole_isIncomplete() {
    byte[] file = FlashImage.encode(HEX, PARTITION, LOCATION);
    String text = new String(file, US_ASCII);
    // 50 bytes of the partition and 16 elsewhere: 66 in all, but not in a row
    String torn =
        text.replace(":10F0100000000000000000000000000000000000F0\n", "")
            .replace(
                ":00000001FF", ":10E0100000000000000000000000000000000000" + "00\n:00000001FF");
    assertRefused(torn.getBytes(US_ASCII), SOMEWHERE, Reason.INCOMPLETE);
    assertRefused(torn.getBytes(US_ASCII), NOWHERE, Reason.INCOMPLETE);
  }

  @Test
  void decode_hexWithoutData_isRefused() {
    byte[] file = ":00000001FF\n".getBytes(US_ASCII);
    assertRefused(file, SOMEWHERE, Reason.INCOMPLETE);
    assertRefused(file, NOWHERE, Reason.LOCATION_NEEDED);
  }

  @Test
  void decode_damagedHex_isNotTakenForADump() {
    // long enough that the location lies within the text itself
    byte[] good = IntelHex.encode(0, dump(0x40000, 0x3f000));
    Optional<PartitionLocation> location = Optional.of(new PartitionLocation(0x3f000, 0x1000));
    for (int at : new int[] {0, 1, good.length / 2, good.length - 1}) {
      for (char c : new char[] {'\0', '.', 'x', '\u00ff'}) {
        byte[] damaged = good.clone();
        damaged[at] = (byte) c;
        assertRefused(damaged, location, Reason.BAD_RECORD);
      }
    }
  }

  @Test
  void decode_printableTextAfterAColon_isTakenForHex() {
    assertRefused(ascii(":" + " ~".repeat(32) + "x"), NOWHERE, Reason.BAD_RECORD);
  }

  @Test
  void decode_oneByteIn66ThatIsNotText_isTakenForADump() {
    assertRefused(ascii("x".repeat(130) + "\0\0"), NOWHERE, Reason.LOCATION_NEEDED);
    assertRefused(ascii("x".repeat(131) + "\0"), NOWHERE, Reason.UNSUPPORTED_FILE);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  @Test
  void decode_hexAfterABlankLine_isRead() throws Exception {
    String text = "\r\n" + new String(FlashImage.encode(HEX, PARTITION, LOCATION), US_ASCII);
    assertThat(FlashImage.decode(text.getBytes(US_ASCII), NOWHERE)).isEqualTo(PARTITION);
  }
}
