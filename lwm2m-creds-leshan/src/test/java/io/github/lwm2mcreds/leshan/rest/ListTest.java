// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.FakeLeshanApi.answering;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.KEY_HEX;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTest {
  private static List<SecurityEntry> listOf(String json) throws SecurityApiException {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(200, json));
      return server.client().list();
    }
  }

  private static SecurityEntry entryOf(String json) throws SecurityApiException {
    List<SecurityEntry> list = listOf("[" + json + "]");
    assertThat(list).hasSize(1);
    return list.get(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void list_whatWasPut_isTheSame(boolean newer) throws Exception {
    try (FakeLeshanApi server = newer ? FakeLeshanApi.newer() : FakeLeshanApi.older()) {
      LeshanSecurityApi client = server.client();
      client.put(credential("dev-1", "id-1"));
      client.put(credential("dev-2", "é😀\n"));

      assertThat(client.list())
          .allMatch(entry -> entry.mode() == Mode.PSK)
          .extracting(entry -> entry.credential().orElseThrow())
          .containsExactlyInAnyOrder(credential("dev-1", "id-1"), credential("dev-2", "é😀\n"));
    }
  }

  @Test
  void list_emptyServer_isEmpty() throws Exception {
    assertThat(listOf("[]")).isEmpty();
  }

  @Test
  void list_entryOfEitherDialect_isRead() throws Exception {
    String psk = "{\"identity\":\"i\",\"key\":\"" + KEY_HEX + "\"}";
    SecurityEntry older = entryOf("{\"endpoint\":\"e\",\"psk\":" + psk + "}");
    SecurityEntry newer =
        entryOf("{\"tls\":{\"details\":" + psk + ",\"mode\":\"psk\"},\"endpoint\":\"e\"}");

    assertThat(List.of(older, newer))
        .allSatisfy(
            entry -> {
              assertThat(entry.endpoint()).isEqualTo("e");
              assertThat(entry.mode()).isEqualTo(Mode.PSK);
              assertThat(entry.pskIdentity()).contains(PskIdentity.of("i"));
              assertThat(entry.psk()).contains(key());
            });
  }

  @Test
  void list_keyInUpperCase_isTheSameKey() throws Exception {
    String hex = KEY_HEX.toUpperCase(Locale.ROOT);

    assertThat(
            entryOf("{\"endpoint\":\"e\",\"psk\":{\"identity\":\"i\",\"key\":\"" + hex + "\"}}")
                .psk())
        .contains(key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RPK|\"rpk\":{\"key\":\"3059301306\"}",
        "RPK|\"rpk\":{\"x\":\"00\",\"y\":\"00\",\"params\":\"secp256r1\"}",
        "RPK|\"tls\":{\"mode\":\"rpk\",\"details\":{\"key\":\"3059301306\"}}",
        "X509|\"x509\":true",
        "X509|\"tls\":{\"mode\":\"x509\"}",
        "OSCORE|\"oscore\":{\"sid\":\"aa\",\"msec\":\"1234567890\"}",
        "RPK|\"tls\":{\"mode\":\"rpk\",\"details\":{\"key\":\"30\"}},\"oscore\":{\"sid\":\"a\"}",
        "OTHER|\"tls\":{\"mode\":\"novel\",\"details\":{\"key\":\"30\"}}",
        "OTHER|\"x509\":false",
      })
  void list_entryWithoutPsk_isGivenWithItsModeAlone(String modeAndFields) throws Exception {
    String[] parts = modeAndFields.split("\\|");
    SecurityEntry entry = entryOf("{\"endpoint\":\"e\"," + parts[1] + "}");

    assertThat(entry.mode()).isEqualTo(Mode.valueOf(parts[0]));
    assertThat(entry.pskIdentity()).isEmpty();
    assertThat(entry.psk()).isEmpty();
    assertThat(entry.credential()).isEmpty();
  }

  @Test
  void list_fieldsUnknown_areSkipped() throws Exception {
    SecurityEntry entry =
        entryOf(
            "{\"new\":[{\"endpoint\":\"x\"},1],\"endpoint\":\"e\",\"tls\":{\"more\":{\"a\":[]},"
                + "\"mode\":\"psk\",\"details\":{\"hint\":{\"key\":\"x\"},\"identity\":\"i\",\"key\":\""
                + KEY_HEX
                + "\",\"more\":null}}}");

    assertThat(entry.credential()).contains(credential("e", "i"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zz", "abc", "ffff\u00e9"})
  void list_keyOutsideTheLimits_isLeftOut(String hex) throws Exception {
    SecurityEntry entry =
        entryOf("{\"endpoint\":\"e\",\"psk\":{\"identity\":\"i\",\"key\":\"" + hex + "\"}}");

    assertThat(entry.mode()).isEqualTo(Mode.PSK);
    assertThat(entry.pskIdentity()).contains(PskIdentity.of("i"));
    assertThat(entry.psk()).isEmpty();
    assertThat(entry.credential()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\\udc80", "\\ud800"})
  void list_identityOutsideTheLimits_isLeftOut(String identity) throws Exception {
    SecurityEntry entry =
        entryOf(
            "{\"endpoint\":\"e\",\"psk\":{\"identity\":\""
                + identity
                + "\",\"key\":\""
                + KEY_HEX
                + "\"}}");

    assertThat(entry.pskIdentity()).isEmpty();
    assertThat(entry.psk()).contains(key());
    assertThat(entry.credential()).isEmpty();
  }

  @Test
  void list_largeFleet_isReadAsItArrives() throws Exception {
    int size = 50_000;
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
              String separator = "[";
              for (int i = 0; i < size; i++) {
                String entry =
                    "{\"endpoint\":\"dev-%d\",\"psk\":{\"identity\":\"%d\",\"key\":\"%032x\"}}"
                        .formatted(i, i, i);
                out.write((separator + entry).getBytes(StandardCharsets.UTF_8));
                separator = ",";
              }
              out.write(']');
            }
          });
      List<SecurityEntry> list = server.client().list();

      assertThat(list).hasSize(size);
      assertThat(list.get(size - 1).credential().orElseThrow().psk().exposeBytes())
          .endsWith(0xc3, 0x4f);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>8f1d0c5be2a7349610fe6ab8c3d25974</html>",
        "8f1d0c5be2a7349610fe6ab8c3d25974",
        "{}",
        "[1]",
        "[[]]",
        "[{}]",
        "[{\"endpoint\":1}]",
        "[{\"endpoint\":null}]",
        "[{\"endpoint\":\"e\",\"psk\":\"8f1d0c5be2a7349610fe6ab8c3d25974\"}]",
        "[{\"endpoint\":\"e\",\"tls\":[]}]",
        "[{\"endpoint\":\"e\",\"tls\":{\"mode\":{}}}]",
        "[{\"endpoint\":\"e\",\"psk\":{\"identity\":7}}]",
        "[{\"endpoint\":\"e\"}",
        "[{\"endpoint\":\"e\"},",
        "[{\"endpoint\":\"e\"}] x",
        "[{\"endpoint\":\"e\",\"psk\":{\"key\":\"8f1d0c5be2a7349610fe",
        "\u0000\u0001\u0002",
      })
  void list_answerThatIsNoList_isRefusedWithoutShowingIt(String answer) {
    assertRefused(NOT_LESHAN, () -> listOf(answer))
        .matches(e -> e.status().getAsInt() == 200)
        .withNoCause();
  }

  @Test
  void list_nestedTooDeep_isRefused() {
    assertRefused(NOT_LESHAN, () -> listOf("[{\"endpoint\":\"e\",\"x\":" + "[".repeat(100_000)));
  }

  @Test
  void entry_asText_showsNoKey() throws Exception {
    SecurityEntry entry =
        entryOf("{\"endpoint\":\"e\\n\",\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY_HEX + "\"}}");

    assertThat(entry)
        .hasToString("SecurityEntry[endpoint=e\\u000a, mode=PSK, pskIdentity=i, psk=<redacted>]");
  }

  @Test
  void entry_destroyed_hasDestroyedItsKey() throws Exception {
    SecurityEntry entry =
        entryOf("{\"endpoint\":\"e\",\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY_HEX + "\"}}");
    entry.destroy();

    assertThat(entry.isDestroyed()).isTrue();
    assertThat(entry.psk().orElseThrow().isDestroyed()).isTrue();
  }
}
