// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.TUTORIAL_TOKEN;
import static io.github.lwm2mcreds.partition.Samples.hex;
import static io.github.lwm2mcreds.partition.Samples.partition;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntelHexTest {
  private static final String END = ":00000001FF\n";

  private static SparseImage read(String text) throws FlashImageException {
    return Samples.sparseImage(text.getBytes(ISO_8859_1));
  }

  private static void assertHolds(SparseImage image, long address, String bytes) {
    byte[] expected = hex(bytes);
    assertThat(image.read(address, expected.length)).hasValue(expected);
  }

  private static void assertRefused(String text, Reason reason, String message) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> read(text))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  // srec_cat tutorial.bin -binary -offset 0x7f000 -o - -intel -line-length=44
  @Test
  void encode_tutorialsPartition_isWhatSrecCatWrites() {
    assertThat(
            new String(IntelHex.encode(0x7f000, partition("deadbeef", TUTORIAL_TOKEN)), US_ASCII))
        .isEqualTo(
            """
            :020000040007F3
            :10F0000064656164626565660000000000000000E0
            :10F0100000000000000000000000000000000000F0
            :10F0200000303030313032303330343035303630FB
            :10F0300037303830393061306230633064306530B9
            :02F04000660068
            :00000001FF
            """);
  }

  // The same at 0xffe0, where srec_cat begins with a needless :020000040000FA
  @Test
  void encode_across64KiB_setsTheUpperAddressAnew() {
    assertThat(new String(IntelHex.encode(0xffe0, partition("deadbeef", TUTORIAL_TOKEN)), US_ASCII))
        .isEqualTo(
            """
            :10FFE00064656164626565660000000000000000F1
            :10FFF0000000000000000000000000000000000001
            :020000040001F9
            :10000000003030303130323033303430353036300B
            :1000100037303830393061306230633064306530C9
            :02002000660078
            :00000001FF
            """);
  }

  @Test
  void encode_unalignedBefore64KiB_endsTheRecordThere() {
    assertThat(new String(IntelHex.encode(0x1fffe, hex("0102030405")), US_ASCII))
        .isEqualTo(
            """
            :020000040001F9
            :02FFFE000102FE
            :020000040002F8
            :03000000030405F1
            :00000001FF
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 16, 17, 31, 32, 33, 0x10000, 0x10010, 0x20001})
  void encode_anyLength_isReadBack(int length) throws Exception {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xa5);
    for (long address : new long[] {0, 0x1ffff, 0x1fff1, 0x7f000}) {
      SparseImage image = Samples.sparseImage(IntelHex.encode(address, bytes));
      assertThat(image.read(address, length)).hasValue(bytes);
      assertThat(image.size()).isEqualTo(length);
    }
  }

  @Test
  void encode_endOfTheAddressSpace_isReadBack() throws Exception {
    byte[] bytes = partition("deadbeef", TUTORIAL_TOKEN);
    long last = 0xffffffffL - 65;
    assertThat(Samples.sparseImage(IntelHex.encode(last, bytes)).read(last, 66)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\r"})
  void decode_anyLineEnds_areAccepted(String lineEnd) throws Exception {
    String text = ":0300300002337A1E\n:00000001FF\n".replace("\n", lineEnd);
    assertHolds(read(text), 0x30, "02337a");
    assertHolds(read(text.stripTrailing()), 0x30, "02337a");
  }

  @ParameterizedTest
  @CsvSource({
    "'\n', 2",
    "'\r\n', 2",
    "'\r', 2",
    "'\n\n', 3",
    "'\r\r', 3",
    "'\r\n\r\n', 3",
    "'\n\r', 3",
    "'\n\r\n', 3",
  })
  void decode_anyLineEnds_countOnce(String lineEnd, int line) {
    String text = ":01003000AA25\n:01003100AA25\n" + END;
    assertRefused(
        text.replace("\n", lineEnd), Reason.BAD_CHECKSUM, "line " + line + " of the Intel HEX");
    assertRefused(
        "\n" + text.replace("\n", lineEnd),
        Reason.BAD_CHECKSUM,
        "line " + (line + 1) + " of the Intel HEX");
  }

  @Test
  void decode_lowerCaseDigits_areAccepted() throws Exception {
    assertHolds(read(":0300300002337a1e\n:00000001ff\n"), 0x30, "02337a");
  }

  @Test
  void decode_extendedSegmentRecords_addSixteenTimesTheirValue() throws Exception {
    assertHolds(read(":020000027000" + "8C\n:02F04000AABB69\n" + END), 0x7f040, "aabb");
  }

  @Test
  void decode_segmentOffsetPast64KiB_wrapsWithinTheSegment() throws Exception {
    SparseImage image = read(":020000021000EC\n:02FFFF00AABB9B\n" + END);
    assertHolds(image, 0x1ffff, "aa");
    assertHolds(image, 0x10000, "bb");
    assertThat(image.size()).isEqualTo(2);
  }

  @Test
  void decode_linearOffsetPast64KiB_runsOn() throws Exception {
    assertHolds(read(":020000040001F9\n:02FFFF00AABB9B\n" + END), 0x1ffff, "aabb");
    SparseImage wrapped = read(":02000004FFFFFC\n:02FFFF00AABB9B\n" + END);
    assertHolds(wrapped, 0xffffffffL, "aa");
    assertHolds(wrapped, 0, "bb");
  }

  @Test
  void decode_linearAfterSegmentRecord_replacesIt() throws Exception {
    SparseImage image =
        read(
            ":020000021000EC\n:020000040002F8\n:01FFFF00AA57\n:020000021000EC\n:01000000BB44\n"
                + END);
    assertHolds(image, 0x2ffff, "aa");
    assertHolds(image, 0x10000, "bb");
  }

  @Test
  void decode_startRecords_areIgnored() throws Exception {
    SparseImage image = read(":0400000300003800C1\n:0300300002337A1E\n:04000005000000CD2A\n" + END);
    assertHolds(image, 0x30, "02337a");
    assertThat(image.size()).isEqualTo(3);
  }

  @Test
  void decode_emptyDataRecord_holdsNothing() throws Exception {
    assertThat(read(":0000100" + "0F0\n" + END).size()).isZero();
  }

  @Test
  void decode_sameByteTwice_isAcceptedAndAnotherRefused() throws Exception {
    assertHolds(read(":01003000AA25\n:01003000AA25\n" + END), 0x30, "aa");
    assertRefused(
        ":01003000AA25\n:01003000AB24\n" + END,
        Reason.BAD_RECORD,
        "contradicts another at address 0x30");
  }

  @Test
  void decode_wrongChecksum_isRefusedWithItsLine() {
    assertRefused(":01003000AA25\n:01003100AA25\n" + END, Reason.BAD_CHECKSUM, "line 2");
    assertRefused(":01003000AA25\n:00000001FE\n", Reason.BAD_CHECKSUM, "line 2");
  }

  @Test
  void decode_noEndRecord_isRefused() {
    assertRefused(":01003000AA25\n", Reason.NO_END_RECORD, "truncated");
    assertRefused("", Reason.NO_END_RECORD, "no end-of-file record");
    assertRefused("\n\r\n", Reason.NO_END_RECORD, "no end-of-file record");
  }

  @Test
  void decode_recordAfterTheEnd_isRefused() {
    assertRefused(END + ":01003000AA25\n", Reason.BAD_RECORD, "line 2");
    assertRefused(END + END, Reason.BAD_RECORD, "after the end-of-file record");
    assertRefused(END + "\u001a", Reason.BAD_RECORD, "line 2");
  }

  @Test
  void decode_lineTooShortForARecord_isNoPairsOfDigitsOfOne() {
    assertRefused(":00000001\n" + END, Reason.BAD_RECORD, "is not a colon followed by pairs");
  }

  @Test
  void decode_blanksAtTheEndOfALine_areNoMatter() throws Exception {
    assertThat(read(":00000001FF \t\n  \n").size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        "x",
        " :00000001FF",
        "00000001FF",
        "::00000001FF",
        ":0000001FF",
        ":00",
        ":00000001F",
        ":0000000zFF",
        ":\u00ff0000001FF",
        ":01003000AA250",
      })
  void decode_lineThatIsNoRecord_isRefused(String line) {
    assertRefused(line + "\n" + END, Reason.BAD_RECORD, "line 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":02003000AA25", // says two bytes, has one
        ":00003000AA26", // says none
        ":0100000100FE", // end with data
        ":01000004FFFC", // upper address of one byte
        ":03000004000000F9", // of three
        ":01000002FFFE", // segment of one
        ":00000005FB", // start without an address
        ":00000003FD",
        ":00000006FA", // unknown types
        ":000000FF01",
        ":0000008080",
      })
  void decode_wrongLengthOrType_isRefused(String line) {
    assertRefused(line + "\n" + END, Reason.BAD_RECORD, "line 1");
  }
}
