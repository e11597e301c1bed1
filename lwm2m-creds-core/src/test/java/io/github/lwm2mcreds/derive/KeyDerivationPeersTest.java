// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.GroupKeys.HEX;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL derives the same keys, called as {@link KeyDerivation} tells. */
class KeyDerivationPeersTest {
  private static final String LABEL = "acme sensors";
  private static final String ENDPOINT = "urn:dev:mac:0024befffe804ff1";

  @TempDir Path directory;

  @BeforeEach
  void requireOpenssl() {
    Peers.require("openssl");
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 31, 32, 33, 64})
  void hkdfSha256_openssl_derivesTheSameKey(int length) throws Exception {
    String info = HEX.formatHex((LABEL + "\0" + ENDPOINT).getBytes(US_ASCII));

    assertThat(openssl(length, "HKDF", "digest:SHA256", "hexinfo:" + info))
        .isEqualTo(derive(KeyDerivation.hkdfSha256(LABEL, length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 31, 32, 33, 64})
  void counterModeHmacSha256_openssl_derivesTheSameKey(int length) throws Exception {
    assertThat(
            openssl(
                length,
                "KBKDF",
                "mac:HMAC",
                "digest:SHA256",
                "mode:COUNTER",
                "salt:" + LABEL,
                "info:" + ENDPOINT))
        .isEqualTo(derive(KeyDerivation.counterModeHmacSha256(LABEL, length)));
  }

  private static byte[] derive(KeyDerivation derivation) {
    return derivation.derive(GroupKeys.key(1), ENDPOINT).exposeBytes();
  }

  private byte[] openssl(int length, String kdf, String... options)
      throws IOException, InterruptedException {
    Path out = directory.resolve("key");
    List<String> command =
        new ArrayList<>(
            List.of("openssl", "kdf", "-binary", "-out", out.toString(), "-keylen", "" + length));
    for (String option : options) {
      command.addAll(List.of("-kdfopt", option));
    }
    command.addAll(List.of("-kdfopt", "hexkey:" + HEX.formatHex(GroupKeys.bytes(1)), kdf));
    Peers.run(command.toArray(String[]::new));
    return Files.readAllBytes(out);
  }
}
