// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.partition.FlashImage.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our Intel HEX against that of srec_cat (Debian: srecord) and objcopy (Debian: binutils). */
class FlashImagePeersTest {
  @TempDir Path directory;
  private String hex;
  private String binary;

  @BeforeEach
  void nameFiles() {
    hex = directory.resolve("partition.hex").toString();
    binary = directory.resolve("partition.bin").toString();
  }

  private static PartitionLocation at(String address) {
    return new PartitionLocation(Long.decode(address), 0x42);
  }

  private void writeOurHex(String address) throws Exception {
    Files.write(Path.of(hex), FlashImage.encode(Format.HEX, PARTITION, at(address)));
  }

  private void assertWeReadTheirs(String address) throws Exception {
    byte[] file = Files.readAllBytes(Path.of(hex));
    assertThat(FlashImage.decode(file, Optional.of(at(address)))).isEqualTo(PARTITION);
    assertThat(FlashImage.decode(file, Optional.empty())).isEqualTo(PARTITION);
    assertThat(Samples.sparseImage(file).lowestAddress()).isEqualTo(at(address).address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0xffe0", "0x7f000", "0xfb000", "0x10000", "0xffffffbe"})
  void encode_ourHex_isReadBySrecCat(String address) throws Exception {
    Peers.require("srec_cat");
    writeOurHex(address);
    // The output begins at the address: were ours another, there would be more or fewer bytes.
    Peers.run("srec_cat", hex, "-intel", "-offset", "-" + address, "-o", binary, "-binary");
    assertThat(Path.of(binary)).hasBinaryContent(PARTITION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0xffe0", "0x7f000", "0xfb000", "0x10000", "0xffffffbe"})
  void encode_ourHex_isReadByObjcopy(String address) throws Exception {
    Peers.require("objcopy");
    writeOurHex(address);
    Peers.run("objcopy", "-I", "ihex", "-O", "binary", hex, binary);
    assertThat(Path.of(binary)).hasBinaryContent(PARTITION);
  }

  @ParameterizedTest
  @CsvSource({
    // -address-length=3 makes it use extended segment records
    "0, 4",
    "0xffe0, 4",
    "0x7f000, 4",
    "0xfb000, 4",
    "0xffffffbe, 4",
    "0xffe0, 3",
    "0x7f000, 3",
  })
  void decode_hexFromSrecCat_isRead(String address, String addressLength) throws Exception {
    Peers.require("srec_cat");
    Files.write(Path.of(binary), PARTITION);
    Peers.run(
        "srec_cat",
        binary,
        "-binary",
        "-offset",
        address,
        "-o",
        hex,
        "-intel",
        "-address-length=" + addressLength);
    assertWeReadTheirs(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0xffe0", "0x7f000", "0xfb000", "0x10000", "0x1007f000"})
  void decode_hexFromObjcopy_isRead(String address) throws Exception {
    Peers.require("objcopy");
    Files.write(Path.of(binary), PARTITION);
    Peers.run("objcopy", "-I", "binary", "-O", "ihex", "--change-addresses", address, binary, hex);
    assertWeReadTheirs(address);
  }
}
