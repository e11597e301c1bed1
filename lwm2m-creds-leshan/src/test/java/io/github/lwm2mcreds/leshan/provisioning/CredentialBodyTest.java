// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import java.util.HexFormat;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialBodyTest {
  private static final String KEY = "3f9a1c77e05b42d8a6c4119e8d02b75f";
  private static final String NEWER =
      "{\"endpoint\":\"dev\",\"tls\":{\"mode\":\"psk\",\"details\":{\"identity\":\"i\",\"key\":\""
          + KEY
          + "\"}}}";

  private static DeviceCredential read(String body) throws Refusal {
    byte[] bytes = body.getBytes(UTF_8);
    return CredentialBody.read(bytes, bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NEWER,
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY + "\"}}",
        "{\"psk\":{\"key\":\"3F9A1C77E05B42D8A6C4119E8D02B75F\",\"identity\":\"\\u0069\"},"
            + "\"endpoint\":\"dev\",\"x509\":false,\"more\":[{}]}",
        " {\"tls\" : {\"more\":1, \"details\":{\"key\":\""
            + KEY
            + "\",\"identity\":\"i\"},"
            + "\"mode\":\"psk\"},\"endpoint\":\"dev\"} ",
      })
  void credential_inEitherDialect_isRead(String body) throws Refusal {
    DeviceCredential credential = read(body);

    assertThat(credential.endpoint()).isEqualTo("dev");
    assertThat(credential.pskIdentity()).isEqualTo(PskIdentity.of("i"));
    assertThat(credential.psk().exposeBytes()).isEqualTo(HexFormat.of().parseHex(KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"" + KEY + "\"",
        "{}",
        "{\"endpoint\":\"dev\"}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\"}}",
        "{\"endpoint\":\"dev\",\"psk\":{\"key\":\"" + KEY + "\"}}",
        "{\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY + "\"}}",
        "{\"endpoint\":7,\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY + "\"}}",
        "{\"endpoint\":\"dev\",\"psk\":\"" + KEY + "\"}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\",\"key\":" + 12345678 + "}}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY + "0\"}}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\",\"key\":\"0x" + KEY + "\"}}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\",\"key\":\"\"}}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"\",\"key\":\"" + KEY + "\"}}",
        "{\"endpoint\":\"\",\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY + "\"}}",
        "{\"endpoint\":\"dev\",\"rpk\":{\"key\":\"" + KEY + "\"}}",
        "{\"endpoint\":\"dev\",\"x509\":true}",
        "{\"endpoint\":\"dev\",\"oscore\":{},\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY + "\"}}",
        "{\"endpoint\":\"dev\",\"tls\":{\"mode\":\"rpk\",\"details\":{\"key\":\"" + KEY + "\"}}}",
        "{\"endpoint\":\"dev\",\"tls\":{\"details\":{\"identity\":\"i\",\"key\":\"" + KEY + "\"}}}",
        "{\"endpoint\":\"a\",\"endpoint\":\"b\",\"psk\":{\"identity\":\"i\",\"key\":\""
            + KEY
            + "\"}}",
        "{\"endpoint\":\"dev\",\"psk\":{\"identity\":\"i\",\"key\":\""
            + KEY
            + "\"},\"tls\":{\"mode\":"
            + "\"psk\",\"details\":{\"identity\":\"i\",\"key\":\""
            + KEY
            + "\"}}}",
        NEWER + NEWER,
        NEWER + "x",
      })
  void anythingElse_isRefusedAsLeshanDoes_andShowsNoKey(String body) {
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> read(body))
        .withMessageStartingWith("Invalid request body: ")
        .satisfies(e -> assertThat(e.status()).isEqualTo(400))
        .satisfies(
            e -> assertThat(e.getMessage().toLowerCase(Locale.ROOT)).doesNotContain("3f9a1c"));
  }

  /** Whatever is cut or altered is refused, or is a credential; nothing else is thrown. */
  @Property(tries = 2000)
  void anyByteAltered_givesACredentialOrARefusal(
      @ForAll @IntRange(max = 10_000) int at, @ForAll byte value, @ForAll boolean isCut) {
    byte[] bytes = NEWER.getBytes(UTF_8);
    int index = at % bytes.length;
    bytes[index] = value;
    try {
      CredentialBody.read(bytes, isCut ? index : bytes.length).destroy();
    } catch (Refusal e) {
      assertThat(e.getMessage()).doesNotContain(KEY.substring(0, 8), KEY.substring(24));
    }
  }
}
