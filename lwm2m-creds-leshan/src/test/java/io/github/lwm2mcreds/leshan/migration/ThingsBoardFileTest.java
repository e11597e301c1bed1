// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.all;
import static io.github.lwm2mcreds.leshan.migration.Entries.credential;
import static io.github.lwm2mcreds.leshan.migration.Entries.credentials;
import static io.github.lwm2mcreds.leshan.migration.Entries.key;
import static io.github.lwm2mcreds.leshan.migration.Entries.notTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import io.github.lwm2mcreds.manifest.ManifestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThingsBoardFileTest {
  private static final String HEADER =
      "name,type,LWM2M_CLIENT_ENDPOINT,LWM2M_CLIENT_SECURITY_CONFIG_MODE,"
          + "LWM2M_CLIENT_IDENTITY,LWM2M_CLIENT_KEY\n";

  @TempDir private Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("devices.csv"), text);
  }

  private List<SourceEntry> read(String text) throws Exception {
    return all(ThingsBoardFile.open(file(text), KeyPolicy.strict()));
  }

  private static String hex(int seed) {
    return HexFormat.of().formatHex(key(seed));
  }

  @Test
  void rowsOfEveryKind_areTakenOrNamedWithTheirLine() throws Exception {
    List<SourceEntry> entries =
        read(
            HEADER
                + ("one,meter,dev-1,PSK,id-1," + hex(1) + "\n")
                + ("\"t\"\"w,o\",meter,dev-2,psk,\"id,2\","
                    + hex(2).toUpperCase(Locale.ROOT)
                    + "\r\n")
                + "three,meter,dev-3,NO_SEC,,\n"
                + "four,meter,dev-4,,id-4,aabb\n"
                + "five,meter,dev-5,RPK,,MFkwEwYH\n"
                + "six,meter,dev-6,X509,,\n"
                + ("seven,meter,dev-7,PSK,," + hex(7) + "\n")
                + "eight,meter,dev-8,PSK,id-8,\n"
                + "nine,meter,dev-9,PSK,id-9,my key\n"
                + ("ten,meter,dev-10,PSK,id-10," + "00".repeat(16) + "\n")
                + ("eleven,meter,,PSK,id-11," + hex(11) + "\n")
                + "twelve,meter\n"
                + ("last,meter,dev-13,PSK,id-13," + hex(13)));

    assertThat(credentials(entries))
        .containsExactly(
            credential("dev-1", "id-1", 1),
            credential("dev-2", "id,2", 2),
            credential("dev-13", "id-13", 13));
    assertThat(notTaken(entries))
        .containsExactly(
            "dev-3 OTHER_MODE",
            "dev-4 OTHER_MODE",
            "dev-5 OTHER_MODE",
            "dev-6 OTHER_MODE",
            "dev-7 NO_KEY",
            "dev-8 NO_KEY",
            "dev-9 INVALID_VALUE",
            "dev-10 WEAK_KEY",
            "- NO_ENDPOINT",
            "- MALFORMED");
    assertThat(entries.get(12).number()).isEqualTo(14);
    assertThat(entries.toString()).doesNotContain("my key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LwM2M client endpoint,LwM2M-client security config"
            + " mode,lwm2m_client_identity,LWM2MClientKey",
        "endpoint,securityConfigClientMode,identity,key",
        "\ufeffendpoint,\"securityConfigClientMode\",identity,key"
      })
  void header_ofTypesOrFieldsOfThingsBoard_isUnderstood(String header) throws Exception {
    assertThat(credentials(read(header + "\ndev-1,PSK,id-1," + hex(1) + "\n")))
        .containsExactly(credential("dev-1", "id-1", 1));
  }

  @Test
  void header_ofItsAuthors_isUnderstoodIfItIsTold() throws Exception {
    Path file = file("Gerät,Modus,identity,key\ndev-1,PSK,id-1," + hex(1) + "\n");

    assertThat(
            credentials(
                all(
                    ThingsBoardFile.open(
                        file,
                        KeyPolicy.strict(),
                        Map.of(
                            ThingsBoardFile.Column.ENDPOINT,
                            "Gerät",
                            ThingsBoardFile.Column.MODE,
                            "Modus")))))
        .containsExactly(credential("dev-1", "id-1", 1));
  }

  @Test
  void header_thatLeavesAColumnOpen_isRefused() {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> read("endpoint;securityConfigClientMode;identity;key\n"))
        .withMessage("the header has no column LWM2M_CLIENT_ENDPOINT; commas separate columns");
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> read("endpoint,LWM2M_CLIENT_ENDPOINT,mode,identity,key\n"))
        .withMessage("two columns may be the endpoint: 'endpoint' and 'LWM2M_CLIENT_ENDPOINT'")
        .extracting(SourceException::reason)
        .isEqualTo(Reason.AMBIGUOUS);
    assertThatExceptionOfType(ManifestException.class).isThrownBy(() -> read(""));
  }
}
