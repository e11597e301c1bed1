// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import io.github.lwm2mcreds.partition.Board;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceFormatsTest {
  private static final String KEY = "95a717862d8eca8c82c2c7367690fd3a";

  private static final DeviceFormat UF2 =
      DeviceFormats.uf2(Board.NRF52840_PCA10056.location(), DeviceFormats.UF2_NRF52840);

  static Stream<DeviceFormat> formats() {
    return Stream.concat(DeviceFormats.names().stream().map(DeviceFormats::named), Stream.of(UF2));
  }

  private static DeviceCredential credential(String endpoint) {
    return DeviceCredential.of(endpoint, PreSharedKey.ofHex(KEY.getBytes(US_ASCII)));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void format_itsOwnFile_isReadBack(DeviceFormat format) throws Exception {
    for (String endpoint : List.of("d", "dev-1", "urn:imei:490154203237518", "a??/b\\c'd")) {
      DeviceCredential credential = credential(endpoint);
      assertThat(format.decode(format.encode(credential))).isEqualTo(credential);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decode_anyChangedByte_givesCredentialOrException(DeviceFormat format) {
    byte[] file = format.encode(credential("dev-1"));
    int end = Math.min(file.length, 1024);
    for (int i = 0; i < end; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = file.clone();
        changed[i] ^= (byte) (1 << bit);
        decodeTotally(format, changed);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decode_anyPrefix_givesCredentialOrException(DeviceFormat format) {
    byte[] file = format.encode(credential("dev-1"));
    for (int length = 0; length < Math.min(file.length, 1024); length++) {
      decodeTotally(format, Arrays.copyOf(file, length));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decode_randomBytes_givesCredentialOrException(DeviceFormat format) {
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      byte[] file = new byte[i % 4 == 0 ? 0x1000 : random.nextInt(600)];
      random.nextBytes(file);
      decodeTotally(format, file);
    }
  }

  private static void decodeTotally(DeviceFormat format, byte[] file) {
    try {
      format.decode(file).destroy();
    } catch (DeviceFormatException e) {
      assertThat(e.offset()).isBetween(0, Math.max(file.length, 66));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nrf91", "zephyr-shell", "anjay"})
  void encode_endpointThatTheFormatHasNoPlaceFor_isRefused(String name) {
    DeviceCredential credential =
        DeviceCredential.of("ep", PskIdentity.of("id"), PreSharedKey.copyOf(new byte[16]));

    assertThatThrownBy(() -> DeviceFormats.named(name).encode(credential))
        .isInstanceOf(InvalidCredentialException.class)
        .hasMessageContaining("no endpoint")
        .hasMessageContaining("'id'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c-header", "esp-nvs"})
  void encode_identityWithNulInString_isRefused(String name) {
    DeviceCredential credential =
        DeviceCredential.of(
            "ep", PskIdentity.ofBytes(new byte[] {'a', 0, 'b'}), PreSharedKey.copyOf(new byte[16]));

    InvalidCredentialException e =
        catchThrowableOfType(
            InvalidCredentialException.class, () -> DeviceFormats.named(name).encode(credential));

    assertThat(e.reason()).isEqualTo(InvalidCredentialException.Reason.IDENTITY_NOT_STORABLE);
    assertThat(e).hasMessageContaining("byte 1").hasMessageContaining("0x00");
  }

  private static DeviceCredential withKey(int length) {
    return DeviceCredential.of("dev-1", PreSharedKey.copyOf(new byte[length]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zephyr-shell", "esp-nvs"})
  void encode_keyThatItsDevicesDoNotTake_isRefused_butRead(String name) throws Exception {
    DeviceFormat byDefault = DeviceFormats.named(name);
    DeviceFormat configured =
        name.equals("esp-nvs")
            ? DeviceFormats.espNvs("lwm2m", 0x3000, DeviceProfile.MBEDTLS_3_TLS13)
            : DeviceFormats.zephyrShell(1, DeviceProfile.MBEDTLS_3_TLS13);

    assertThat(byDefault.decode(byDefault.encode(withKey(32)))).isEqualTo(withKey(32));
    assertThatThrownBy(() -> byDefault.encode(withKey(33)))
        .isInstanceOf(InvalidCredentialException.class)
        .hasMessageContaining("at most 32 bytes")
        .hasMessageContaining("MBEDTLS_PSK_MAX_LEN")
        .hasMessageContaining("this one has 33");
    assertThat(byDefault.decode(configured.encode(withKey(48)))).isEqualTo(withKey(48));
    assertThatThrownBy(() -> configured.encode(withKey(49)))
        .isInstanceOf(InvalidCredentialException.class);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void forDevice_whatTheDeviceDoesNotTake_isRefused(DeviceFormat format) throws Exception {
    DeviceFormat forZephyr = format.forDevice(DeviceProfile.zephyr(16));

    assertThat(forZephyr.name()).isEqualTo(format.name());
    assertThat(forZephyr.decode(forZephyr.encode(credential("a".repeat(16)))).endpoint())
        .hasSize(16);
    assertThatThrownBy(() -> forZephyr.encode(credential("a".repeat(17))))
        .isInstanceOf(InvalidCredentialException.class)
        .hasMessageContaining("zephyr:16")
        .hasMessageContaining("CONFIG_LWM2M_SECURITY_KEY_SIZE");
  }

  @Test
  void nrfModem_credential_isTwoLines() {
    assertThat(new String(DeviceFormats.nrfModem(42).encode(credential("dev-1")), US_ASCII))
        .isEqualTo("AT%CMNG=0,42,4,\"dev-1\"\r\nAT%CMNG=0,42,3,\"" + KEY + "\"\r\n");
  }

  @Test
  void nrfModem_quoteInIdentity_isRefused() {
    assertThatThrownBy(() -> DeviceFormats.nrfModem(1).encode(credential("a\"b")))
        .isInstanceOf(InvalidCredentialException.class)
        .hasMessageContaining("0x22");
  }

  @Test
  void nrfModem_linesOfTwoTags_areAmbiguous() {
    refused("nrf91", "AT%CMNG=0,1,4,\"a\"\nAT%CMNG=0,2,3,\"00ff\"\n", Reason.AMBIGUOUS, 28);
  }

  @Test
  void nrfModem_terminalLog_isRead() throws Exception {
    String log =
        "AT+CFUN=4\r\nOK\r\nAT%CMNG=0,7,3,\"" + KEY + "\"\r\nOK\r\nat%cmng=0,7,4,\"dev-1\"";

    assertThat(DeviceFormats.named("nrf91").decode(log.getBytes(US_ASCII)))
        .isEqualTo(credential("dev-1"));
  }

  @Test
  void zephyrShell_credential_isTwoLinesOfBase64() {
    assertThat(new String(DeviceFormats.zephyrShell(5).encode(credential("dev-1")), US_ASCII))
        .isEqualTo(
            "cred add 5 PSK_ID default bin ZGV2LTE=\n"
                + "cred add 5 PSK default bin lacXhi2OyoyCwsc2dpD9Og==\n");
  }

  @Test
  void zephyrShell_terminatedString_hasNulThatNoEndpointHas() {
    String lines = "cred add 1 PSK_ID DEFAULT strt ab\ncred add 1 psk default str 0123456789abcdef";

    refused("zephyr-shell", lines, Reason.INVALID_CREDENTIAL, lines.length());
  }

  @Test
  void zephyrShell_notBase64_isRefusedWithItsOffset() {
    refused("zephyr-shell", "cred add 1 PSK default bin ???", Reason.MALFORMED, 27);
  }

  @Test
  void anjay_credential_isSenMlOfSecurityAndServer() {
    assertThat(HexFormat.of().formatHex(DeviceFormats.named("anjay").encode(credential("dev-1"))))
        .isEqualTo(
            "8aa200662f302f312f300376636f6170733a2f2f6c6f63616c686f73743a3536"
                + "3834a200662f302f312f3104f4a200662f302f312f320200a200662f302f312f"
                + "3308456465762d31a200662f302f312f35085095a717862d8eca8c82c2c73676"
                + "90fd3aa200672f302f312f31300201a200662f312f312f300201a200662f312f"
                + "312f31021a00015180a200662f312f312f3604f4a200662f312f312f37036155");
  }

  @Test
  void anjay_twoSecurityInstances_areAmbiguous() {
    // [{0: "/0/1/2", 2: 0}, {0: "/0/2/2", 2: 0}]
    byte[] file = HexFormat.of().parseHex("82a200662f302f312f320200" + "a200662f302f322f320200");

    assertThatThrownBy(() -> DeviceFormats.named("anjay").decode(file))
        .isInstanceOf(DeviceFormatException.class)
        .hasMessageContaining("several Security instances");
  }

  /** The hash of what Espressif's nvs_partition_gen.py makes of the same three values. */
  @Test
  void espNvs_credential_isTheImageOfEspressifsGenerator() throws Exception {
    byte[] image = DeviceFormats.espNvs("lwm2m", 0x3000).encode(credential("dev-1"));

    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image)))
        .isEqualTo("4045a754d4f53fa501c1c6044fad748be66c43e38429cd90341b6da6c75037c6");
  }

  @Test
  void espNvs_damagedKey_isRefusedWithoutIt() {
    byte[] image = DeviceFormats.named("esp-nvs").encode(credential("dev-1"));
    image[64 + 6 * 32] ^= 1;

    assertThatThrownBy(() -> DeviceFormats.named("esp-nvs").decode(image))
        .isInstanceOf(DeviceFormatException.class)
        .hasMessageContaining("checksum")
        .hasMessageContaining("offset 256");
  }

  @Test
  void uf2_credential_isOneBlockOfItsFamily() {
    byte[] block = UF2.encode(credential("dev-1"));

    assertThat(block).hasSize(512);
    assertThat(HexFormat.of().formatHex(block, 0, 37))
        .isEqualTo(
            "5546320a57515d9e0020000000b00f00000100000000000001000000" + "4028a5ad" + "6465762d31");
    assertThat(HexFormat.of().formatHex(block, 508, 512)).isEqualTo("306fb10a");
  }

  @Test
  void uf2_otherBlocks_arePassedOver() throws Exception {
    byte[] ours = UF2.encode(credential("dev-1"));
    byte[] elsewhere = DeviceFormats.uf2(Board.FRDM_K64F.location(), 7).encode(credential("dev-2"));
    byte[] file = Arrays.copyOf(elsewhere, 1024);
    System.arraycopy(ours, 0, file, 512, 512);

    assertThat(UF2.decode(file)).isEqualTo(credential("dev-1"));
    assertThatThrownBy(() -> UF2.decode(elsewhere))
        .isInstanceOf(DeviceFormatException.class)
        .hasMessageContaining("0xada52840")
        .hasMessageContaining("0xfb000");
  }

  @Test
  void cHeader_compiledByC_isTheCredential(@TempDir Path directory) throws Exception {
    Peers.require("cc");
    DeviceCredential credential =
        DeviceCredential.of(
            "é??/\"x\\",
            PskIdentity.ofBytes(new byte[] {1, '7', (byte) 0xff, '"'}),
            PreSharedKey.ofHex(KEY.getBytes(US_ASCII)));
    Files.write(directory.resolve("c.h"), DeviceFormats.cHeader().encode(credential));
    Path program = directory.resolve("p.c");
    Files.writeString(
        program,
        """
        #include <stdio.h>
        #include <string.h>
        #include "c.h"
        int main(int n, char **a) {
          const unsigned char key[] = LWM2M_PSK;
          FILE *f = fopen(a[1], "wb");
          fputs(LWM2M_ENDPOINT "|" LWM2M_PSK_IDENTITY "|", f);
          fwrite(key, 1, sizeof key, f);
          return n != 2 || fclose(f);
        }
        """);

    Path binary = directory.resolve("p");
    Path output = directory.resolve("out");
    Peers.run("cc", "-std=c99", "-Wall", "-Werror", "-o", binary.toString(), program.toString());
    Peers.run(binary.toString(), output.toString());

    assertThat(HexFormat.of().formatHex(Files.readAllBytes(output)))
        .isEqualTo("c3a93f3f2f2278" + "5c" + "7c" + "0137ff22" + "7c" + KEY);
  }

  @Test
  void named_unknown_listsTheFormats() {
    assertThatThrownBy(() -> DeviceFormats.named("hex\n"))
        .hasMessageContaining("'hex\\u000a'")
        .hasMessageContaining("zephyr-shell");
  }

  private static void refused(String format, String file, Reason reason, int offset) {
    DeviceFormatException e =
        catchThrowableOfType(
            DeviceFormatException.class,
            () -> DeviceFormats.named(format).decode(file.getBytes(ISO_8859_1)));
    assertThat(e.reason()).isEqualTo(reason);
    assertThat(e.offset()).isEqualTo(offset);
  }
}
