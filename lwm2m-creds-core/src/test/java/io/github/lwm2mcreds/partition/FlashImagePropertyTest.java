// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.partition.FlashImage.Format;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlashImagePropertyTest {
  @Provide
  Arbitrary<byte[]> partitions() {
    return Samples.anyPartitions();
  }

  /** Addresses everywhere, many of them just before a 64 KiB boundary or at the very end. */
  @Provide
  Arbitrary<PartitionLocation> locations() {
    long last = (1L << 32) - 66;
    Arbitrary<Long> nearBoundary =
        Combinators.combine(
                Arbitraries.longs().between(1, 0xffff), Arbitraries.longs().between(0, 70))
            .as((upper, before) -> (upper << 16) - before);
    return Arbitraries.oneOf(
            Arbitraries.longs().between(0, last),
            nearBoundary,
            Arbitraries.longs().between(last - 70, last),
            Arbitraries.longs().between(0, 70))
        .filter(address -> address <= last)
        .map(address -> new PartitionLocation(address, 66));
  }

  @Property(tries = 500)
  void hex_anyPartitionAtAnyAddress_isReadBack(
      @ForAll("partitions") byte[] partition, @ForAll("locations") PartitionLocation location)
      throws FlashImageException {
    byte[] file = FlashImage.encode(Format.HEX, partition, location);
    assertThat(FlashImage.decode(file, Optional.of(location))).isEqualTo(partition);
    assertThat(FlashImage.decode(file, Optional.empty())).isEqualTo(partition);
    assertThat(Samples.sparseImage(file).lowestAddress()).isEqualTo(location.address());
    assertThat(Samples.sparseImage(file).size()).isEqualTo(66);
  }

  @Property(tries = 200)
  void hex_lowerCase_isReadAlike(@ForAll("partitions") byte[] partition) throws Exception {
    byte[] file = FlashImage.encode(Format.HEX, partition, Board.REEL_BOARD.location());
    String lower = new String(file, US_ASCII).toLowerCase(Locale.ROOT);
    assertThat(FlashImage.decode(lower.getBytes(US_ASCII), Optional.empty())).isEqualTo(partition);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0xffe0})
  void hex_anySingleCharacterChanged_isRefusedOrHarmless(long address) {
    PartitionLocation location = new PartitionLocation(address, 66);
    byte[] file = FlashImage.encode(Format.HEX, PARTITION, location);
    for (int at = 0; at < file.length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = file.clone();
        changed[at] = (byte) value;
        assertRefusedOrHarmless(changed, Optional.of(location));
        assertRefusedOrHarmless(changed, Optional.empty());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0xffe0, 0x7f000})
  void hex_anySingleCharacterRemoved_isRefusedOrHarmless(long address) {
    PartitionLocation location = new PartitionLocation(address, 66);
    String file = new String(FlashImage.encode(Format.HEX, PARTITION, location), US_ASCII);
    for (int at = 0; at < file.length(); at++) {
      byte[] changed = (file.substring(0, at) + file.substring(at + 1)).getBytes(US_ASCII);
      assertRefusedOrHarmless(changed, Optional.of(location));
      assertRefusedOrHarmless(changed, Optional.empty());
    }
  }

  private static void assertRefusedOrHarmless(
      byte[] changed, Optional<PartitionLocation> location) {
    try {
      assertThat(FlashImage.decode(changed, location)).isEqualTo(PARTITION);
    } catch (FlashImageException refused) {
      assertThat(refused.reason()).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0xffe0, 0x7f000})
  void hex_cutAnywhere_isRefused(long address) {
    Optional<PartitionLocation> location = Optional.of(new PartitionLocation(address, 66));
    byte[] file = FlashImage.encode(Format.HEX, PARTITION, location.orElseThrow());
    for (int length = 0; length < file.length - 1; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      Reason expected = length == 0 ? Reason.INCOMPLETE : cutReason(file, length);
      assertThat(reason(cut, location)).as("cut to %d", length).isEqualTo(expected);
      assertThat(reason(cut, Optional.empty())).as("cut to %d", length).isEqualTo(expected);
    }
  }

  /** Between lines the file looks whole but for its end; within one, the line is damaged. */
  private static Reason cutReason(byte[] file, int length) {
    boolean betweenLines = file[length] == '\n' || file[length - 1] == '\n';
    return betweenLines ? Reason.NO_END_RECORD : Reason.BAD_RECORD;
  }

  private static Reason reason(byte[] file, Optional<PartitionLocation> location) {
    try {
      FlashImage.decode(file, location);
      return null;
    } catch (FlashImageException e) {
      return e.reason();
    }
  }

  @Test
  void hex_onlyTheLastLineEndCut_isHarmless() throws Exception {
    byte[] file = FlashImage.encode(Format.HEX, PARTITION, Board.REEL_BOARD.location());
    assertThat(FlashImage.decode(Arrays.copyOf(file, file.length - 1), Optional.empty()))
        .isEqualTo(PARTITION);
  }

  @Provide
  Arbitrary<byte[]> files() {
    Arbitrary<String> hexSoup =
        Arbitraries.of(
                ":",
                "00",
                "01",
                "10",
                "F",
                "\n",
                "\r",
                ":00000001FF\n",
                ":01000000AA55\n",
                ":020000040001F9\n",
                ":020000021000EC\n",
                ":01FFFF00AA57\n",
                " ",
                "\0",
                "\u00ff")
            .list()
            .ofMaxSize(30)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(300),
        hexSoup.map(text -> text.getBytes(ISO_8859_1)),
        hexSoup.map(text -> (":" + text).getBytes(ISO_8859_1)),
        Samples.anyPartitions(),
        Combinators.combine(Samples.anyPartitions(), Arbitraries.of(0, 65, 67, 0x1000, 0x1001))
            .as(Arrays::copyOf));
  }

  @Property(tries = 2000)
  void decode_anyFile_gives66BytesOrTheOneException(
      @ForAll("files") byte[] file, @ForAll("locations") PartitionLocation location) {
    byte[] before = file.clone();
    for (Optional<PartitionLocation> at :
        Arrays.asList(
            Optional.of(location),
            Optional.<PartitionLocation>empty(),
            Optional.of(new PartitionLocation(3, 66)))) {
      try {
        assertThat(FlashImage.decode(file, at)).hasSize(66);
      } catch (FlashImageException e) {
        assertThat(e.reason()).isNotNull();
        assertThat(e.getMessage()).matches("[ -~]+");
      }
    }
    assertThat(file).isEqualTo(before);
  }
}
