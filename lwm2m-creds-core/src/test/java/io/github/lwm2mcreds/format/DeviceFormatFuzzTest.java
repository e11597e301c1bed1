// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.partition.Board;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of every device format that may be anything: what one reads, it can write and read back.
 */
@Timeout(Hostile.SECONDS)
class DeviceFormatFuzzTest {
  private static final DeviceFormat UF2 =
      DeviceFormats.uf2(Board.NRF52840_PCA10056.location(), DeviceFormats.UF2_NRF52840);

  private static Stream<byte[]> files(DeviceFormat format) {
    PreSharedKey key =
        PreSharedKey.copyOf(HexFormat.of().parseHex("95a717862d8eca8c82c2c7367690fd3a"));
    return Stream.of(format.encode(DeviceCredential.of("dev-1", key)));
  }

  static Stream<byte[]> anjay() {
    return files(DeviceFormats.named("anjay"));
  }

  @MethodSource
  @FuzzTest
  void anjay(byte[] file) throws Exception {
    check(DeviceFormats.named("anjay"), file);
  }

  static Stream<byte[]> cHeader() {
    return files(DeviceFormats.cHeader());
  }

  @MethodSource
  @FuzzTest
  void cHeader(byte[] file) throws Exception {
    check(DeviceFormats.cHeader(), file);
  }

  static Stream<byte[]> espNvs() {
    return files(DeviceFormats.named("esp-nvs"));
  }

  @MethodSource
  @FuzzTest
  void espNvs(byte[] file) throws Exception {
    check(DeviceFormats.named("esp-nvs"), file);
  }

  static Stream<byte[]> nrfModem() {
    return files(DeviceFormats.nrfModem(1));
  }

  @MethodSource
  @FuzzTest
  void nrfModem(byte[] file) throws Exception {
    check(DeviceFormats.nrfModem(1), file);
  }

  static Stream<byte[]> partition() {
    return files(DeviceFormats.partition());
  }

  @MethodSource
  @FuzzTest
  void partition(byte[] file) throws Exception {
    check(DeviceFormats.partition(), file);
  }

  static Stream<byte[]> uf2() {
    return files(UF2);
  }

  @MethodSource
  @FuzzTest
  void uf2(byte[] file) throws Exception {
    check(UF2, file);
  }

  static Stream<byte[]> zephyrShell() {
    return files(DeviceFormats.zephyrShell(1));
  }

  @MethodSource
  @FuzzTest
  void zephyrShell(byte[] file) throws Exception {
    check(DeviceFormats.zephyrShell(1), file);
  }

  private static void check(DeviceFormat format, byte[] file) throws Exception {
    Optional<DeviceCredential> read =
        Hostile.decode(file.length, () -> format.decode(file), DeviceFormatException.class);
    if (read.isPresent()) {
      DeviceCredential credential = read.get();
      // A reader takes more keys than the format's devices do, and a writer says so.
      Optional<byte[]> written =
          Hostile.decode(
              file.length, () -> format.encode(credential), InvalidCredentialException.class);
      if (written.isPresent()) {
        assertThat(format.decode(written.get())).isEqualTo(credential);
      }
      credential.destroy();
    }
  }
}
