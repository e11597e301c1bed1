// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Hostile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions, flash images and devicetrees that may be anything. */
@Timeout(Hostile.SECONDS)
class PartitionFuzzTest {
  private static final PartitionLocation LOCATION = Board.NRF52_PCA10040.location();

  static Stream<byte[]> partitions() {
    return Stream.of(Samples.partition("sensor-1", Samples.TOKEN), Samples.hex("ff".repeat(66)));
  }

  @MethodSource("partitions")
  @FuzzTest
  void partition_anyBytes_isReadOrRefused(byte[] file) throws Exception {
    Optional<DeviceCredential> credential =
        Hostile.decode(
            file.length, () -> CredentialPartition.decode(file), PartitionFormatException.class);
    if (credential.isPresent()) {
      assertThat(lowerToken(CredentialPartition.encode(credential.get())))
          .isEqualTo(lowerToken(file));
    }
    if (file.length == CredentialPartition.SIZE) {
      inspect(file, credential.isPresent());
    }
  }

  /** A token may have digits of either case. */
  private static String lowerToken(byte[] partition) {
    return new String(partition, 0, Field.SIZE, US_ASCII)
        + new String(partition, Field.SIZE, Field.SIZE, US_ASCII).toLowerCase(Locale.ROOT);
  }

  private static void inspect(byte[] partition, boolean isWellFormed) {
    PartitionInspection inspection = PartitionInspection.of(partition);
    inspection.findings().forEach(finding -> Hostile.requireHarmless(finding.message()));
    assertThat(inspection.findings().stream().allMatch(f -> f.code().startsWith("key-")))
        .isEqualTo(isWellFormed);
    inspection.destroy();
  }

  static Stream<byte[]> images() {
    byte[] partition = Samples.partition("sensor-1", Samples.TOKEN);
    byte[] hex = FlashImage.encode(FlashImage.Format.HEX, partition, LOCATION);
    return Stream.of(
        partition,
        hex,
        new String(hex, US_ASCII).replace("\n", "\r\n").getBytes(US_ASCII),
        ":020000021000EC\n:00000001FF\n".getBytes(US_ASCII),
        "S00F000068656C6C6F202020202000003C\n".getBytes(US_ASCII),
        "\u007fELF".getBytes(US_ASCII),
        "UF2\nWQ\u005d\u009e".getBytes(UTF_8),
        Arrays.copyOf(partition, CredentialPartition.SIZE + 1));
  }

  @MethodSource("images")
  @FuzzTest
  void flashImage_anyBytes_isReadOrRefused(byte[] file) throws Exception {
    Hostile.decode(file.length, () -> FlashImage.decode(file), FlashImageException.class);
    Optional<byte[]> there =
        Hostile.decode(
            file.length, () -> FlashImage.decode(file, LOCATION), FlashImageException.class);
    there.ifPresent(partition -> assertThat(partition).hasSize(CredentialPartition.SIZE));
    assertThat(there.isPresent() || !FlashImage.covers(file, LOCATION)).isTrue();
  }

  @MethodSource("images")
  @FuzzTest
  void intelHex_anyText_isReadOrRefused(byte[] file) throws Exception {
    Hostile.decode(
        file.length,
        () -> {
          try (SparseImage image = new SparseImage()) {
            IntelHex.decode(file, image);
            return image.size();
          }
        },
        FlashImageException.class);
  }

  /** The first four bytes are an address. */
  @FuzzTest
  void intelHex_anyData_isReadBack(byte[] input) throws Exception {
    if (input.length < 5) {
      return;
    }
    byte[] data = Arrays.copyOfRange(input, 4, input.length);
    long address =
        Math.min(ByteBuffer.wrap(input).getInt() & 0xffffffffL, 0x100000000L - data.length);
    try (SparseImage image = new SparseImage()) {
      IntelHex.decode(IntelHex.encode(address, data), image);
      assertThat(image.read(address, data.length)).hasValue(data);
      assertThat(image.lowestAddress()).isEqualTo(address);
    }
  }

  static Stream<byte[]> trees() {
    return Stream.of(
            "/{soc{flash@0{compatible=\"soc-nv-flash\";reg=<0 0x80000>;partitions{"
                + "credentials_partition: partition@7f000{label=\"lwm2m-credentials\";"
                + "reg=<0x7f000 0x1000>;};};};};};",
            "#define A(x,y) x##y\n#ifdef CONFIG_SOC_NRF52832\n&flash0{p:q@1{reg=<A(0x,1) 2>;};};\n"
                + "#elif defined(B)&&(1+2*3>>1)!=4\n#else\n#error no\n#endif",
            "&flash0{credentials_partition:partition@FB000{reg=<(0xfb000|1?2:3) DT_SIZE_K(4)>;};};",
            "/dts-v1/;/include/ \"a.dtsi\"\n#include <b>\n/delete-node/ &c;[00 ff] /* x */ // y\n")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("trees")
  @FuzzTest
  void devicetree_anyText_isSearchedOrRefused(byte[] text) throws Exception {
    String source = new String(text, UTF_8);
    Hostile.decode(
        text.length, () -> Devicetree.findCredentialPartition(source), FlashImageException.class);
  }

  @MethodSource("trees")
  @FuzzTest
  void devicetree_anyConfiguration_isSearchedOrRefused(byte[] text) throws Exception {
    String source = new String(text, UTF_8);
    Hostile.decode(
        text.length,
        () -> Devicetree.search().autoconf(source).source("a", source).source("b", source).find(),
        FlashImageException.class);
  }
}
