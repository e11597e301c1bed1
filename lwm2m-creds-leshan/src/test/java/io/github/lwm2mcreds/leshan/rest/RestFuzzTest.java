// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers, addresses and names that may be anything. */
@Timeout(Hostile.SECONDS)
class RestFuzzTest {
  private static final URI SERVER = URI.create("https://leshan.example/api/security/clients");
  private static final byte[] KEY = HexFormat.of().parseHex("95a717862d8eca8c82c2c7367690fd3a");
  private static final byte[] KEY_HEX = HexFormat.of().formatHex(KEY).getBytes(UTF_8);

  static Stream<byte[]> lists() {
    String psk = "{\"identity\":\"i\\ud83d\",\"key\":\"" + HexFormat.of().formatHex(KEY) + "\"}";
    return Stream.of(
            "[{\"endpoint\":\"a\",\"psk\":" + psk + "},{\"endpoint\":\"b\",\"oscore\":{}}]",
            "[{\"tls\":{\"mode\":\"psk\",\"details\":" + psk + "},\"endpoint\":\"\\u0000\"}]",
            "[{\"endpoint\":\"c\",\"x509\":true},{\"endpoint\":\"d\",\"rpk\":{\"key\":\"00\"}}]")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("lists")
  @FuzzTest
  void list_anyAnswer_isReadOrRefused(byte[] json) throws Exception {
    Optional<List<SecurityEntry>> entries =
        Hostile.decode(
            json.length,
            () -> SecurityListParser.parse(SERVER, new ByteArrayInputStream(json)),
            SecurityApiException.class);
    for (SecurityEntry entry : entries.orElse(List.of())) {
      Hostile.requireHarmless(entry.toString());
      entry.destroy();
    }
  }

  static Stream<byte[]> texts() {
    return Stream.of(
        "Invalid request body: \u001b[31m\u202e\n".getBytes(UTF_8),
        ("it has the key " + HexFormat.of().formatHex(KEY).substring(0, 8)).getBytes(UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void answer_anyText_isQuotedWithoutTheKey(byte[] text) {
    String quote = ServerText.quote(new String(text, UTF_8), KEY_HEX);

    Hostile.requireHarmless(quote);
    String digits = HexFormat.of().formatHex(KEY);
    for (int i = 0; i + 10 <= digits.length(); i++) { // an escape may add four digits to five
      assertThat(quote.contains(digits.substring(i, i + 10))).isFalse();
    }
  }

  /** The first byte is the length of the endpoint; what follows it is the PSK identity. */
  @MethodSource("texts")
  @FuzzTest
  void body_anyCredential_isReadBack(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    int length = Math.min(input[0] & 0xff, input.length - 1);
    Optional<DeviceCredential> credential =
        Hostile.decode(
            input.length,
            () ->
                DeviceCredential.of(
                    new String(input, 1, length, UTF_8),
                    PskIdentity.ofBytes(Arrays.copyOfRange(input, 1 + length, input.length)),
                    PreSharedKey.copyOf(KEY)),
            IllegalArgumentException.class);
    if (credential.isPresent() && isUtf8(credential.get().pskIdentity())) {
      for (Dialect dialect : Dialect.values()) {
        assertThat(readBack(dialect, credential.get())).isEqualTo(credential);
      }
    }
  }

  private static boolean isUtf8(PskIdentity identity) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(identity.asString());
  }

  private static Optional<DeviceCredential> readBack(Dialect dialect, DeviceCredential credential)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write('[');
    dialect.write(credential, KEY_HEX, body);
    body.write(']');
    return SecurityListParser.parse(SERVER, new ByteArrayInputStream(body.toByteArray()))
        .get(0)
        .credential();
  }

  static Stream<byte[]> uris() {
    return Stream.of(
            "https://leshan.example:8443/api/security/clients/",
            "http://[::1]:8080",
            "http://me:pw@localhost/?q#f")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("uris")
  @FuzzTest
  void uri_anyText_isTakenOrRefused(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return;
    }
    Optional<ServerUri> server =
        Hostile.decode(bytes.length, () -> ServerUri.of(uri), IllegalArgumentException.class);
    if (server.isPresent()) {
      assertThat(server.get().clients().getHost()).isEqualTo(uri.getHost());
      assertThat(server.get().clients().getPort()).isEqualTo(uri.getPort());
      server.get().isLoopback();
    }
  }

  @MethodSource("texts")
  @FuzzTest
  void path_anyEndpoint_isOneNameBelowTheApi(byte[] bytes) throws Exception {
    String endpoint = new String(bytes, UTF_8);
    ServerUri server = ServerUri.of(URI.create("https://leshan.example"));
    Optional<URI> uri =
        Hostile.decode(bytes.length, () -> server.client(endpoint), SecurityApiException.class);
    if (uri.isPresent()) {
      assertThat(uri.get().normalize().getPath()).isEqualTo("/api/security/clients/" + endpoint);
    }
  }
}
