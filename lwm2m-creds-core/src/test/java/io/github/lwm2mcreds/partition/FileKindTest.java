// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileKindTest {
  private static final PartitionLocation LOCATION = new PartitionLocation(0x7f000, 0x1000);
  private static final byte[] PARTITION =
      CredentialPartition.encodeUnchecked(
          "dev-1".getBytes(US_ASCII), "8f1e6c0ad2b94735a1c85e7f30d69b42".getBytes(US_ASCII));

  private static void assertRefused(byte[] file, String... message) {
    for (int located = 0; located < 2; located++) {
      boolean withLocation = located == 1;
      assertThatExceptionOfType(FlashImageException.class)
          .isThrownBy(
              () -> {
                if (withLocation) {
                  FlashImage.decode(file, LOCATION);
                } else {
                  FlashImage.decode(file);
                }
              })
          .withMessageContainingAll(message)
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_FILE));
    }
  }

  /** As long as a dump that has the partition. */
  private static byte[] large(byte[] start) {
    return Arrays.copyOf(start, 0x80000);
  }

  @ParameterizedTest
  @CsvSource({
    "7f454c4601010100, ELF",
    "5546320a57515d9e00200000, UF2",
    "504b030414000000, ZIP",
    "1f8b0800, gzip",
    "fd377a585a00, xz",
    "28b52ffd, zstd",
    "cffaedfe07000001, Mach-O",
    "cefaedfe07000000, Mach-O",
    "cafebabe00000002, Mach-O",
    "3db8f396, MCUboot",
    "4466755365 01, DfuSe",
  })
  void decode_fileWithAMagicNumber_isRefusedByName(String magic, String name) {
    byte[] start = HexFormat.of().parseHex(magic.replace(" ", ""));
    assertRefused(large(start), name);
    assertRefused(Arrays.copyOf(start, 512), name);
  }

  @Test
  void decode_programOfWindows_isRefused() {
    byte[] file = large("MZ".getBytes(US_ASCII));
    file[0x3c] = (byte) 0x80;
    System.arraycopy("PE\0\0".getBytes(US_ASCII), 0, file, 0x80, 4);
    assertRefused(file, "PE");
  }

  @Test
  void decode_fileWithADfuSuffix_isRefused() {
    byte[] file = large(PARTITION);
    System.arraycopy("UFD\20".getBytes(US_ASCII), 0, file, file.length - 8, 4);
    assertRefused(file, "DFU");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MZ", "PK", "DfuSe", "UF2", "S1", "a\r\n"})
  void decode_pageWhoseEndpointOnlyLooksSo_isRead(String endpoint) throws Exception {
    byte[] partition = PARTITION.clone();
    System.arraycopy(endpoint.getBytes(US_ASCII), 0, partition, 0, endpoint.length());
    assertThat(FlashImage.decode(partition)).isEqualTo(partition);
    byte[] page = FlashImage.encode(FlashImage.Format.PAGE, partition, LOCATION);
    assertThat(FlashImage.decode(page)).isEqualTo(partition);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void decode_partitionWithALineEnd_isRecognised(String end) {
    byte[] file = (new String(PARTITION, ISO_8859_1) + end).getBytes(ISO_8859_1);
    assertRefused(file, "credential partition", "line's end", "66");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void decode_partitionRedirectedByPowerShell_isRecognised(String charset) {
    Charset wide = charset.equals("UTF-16LE") ? UTF_16LE : UTF_16BE;
    String text = '\ufeff' + new String(PARTITION, US_ASCII) + "\r\n";
    assertRefused(text.getBytes(wide), "PowerShell", "UTF-16");
    assertRefused("\ufeff:00000001FF\r\n".getBytes(wide), "UTF-16");
  }

  @Test
  void decode_erasedFlash_isNotUtf16() throws Exception {
    byte[] erased = new byte[0x80000];
    Arrays.fill(erased, (byte) 0xff);
    assertThat(FlashImage.decode(erased, LOCATION)).containsOnly(0xff);
    erased[1] = (byte) 0xfe;
    assertThat(FlashImage.decode(erased, LOCATION)).containsOnly(0xff);
  }

  @Test
  void decode_otherText_isNotCalledIntelHex() {
    String text = "device_id,token\nsensor-1,00\n".repeat(20);
    assertRefused(text.getBytes(US_ASCII), "text file", "no line begins with a colon");
    String records = "S00600004844521B\nS9030000FC\n".repeat(9);
    assertRefused(records.getBytes(US_ASCII), "S-records");
  }
}
