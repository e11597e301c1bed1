// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.DtlsStack.LIBCOAP_OPENSSL;
import static io.github.lwm2mcreds.DtlsStack.MBEDTLS;
import static io.github.lwm2mcreds.DtlsStack.OPENSSL;
import static io.github.lwm2mcreds.DtlsStack.WOLFSSL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The libraries themselves at the limits that the profiles state, and one beyond. A handshake that
 * is finished proves the key; the identity is compared where the server sees it.
 */
class DeviceProfilePeersTest {
  private static final byte[] IDENTITY = {'d', 'e', 'v'};
  private static final byte[] KEY = bytes(16);
  private static final byte[] WITH_NUL = {'d', 0, 'v'};

  @TempDir private Path folder;
  private final AnyPskServer server = new AnyPskServer();

  DeviceProfilePeersTest() throws IOException {}

  @AfterEach
  void stop() {
    server.close();
  }

  /** Bytes of which none is NUL. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + i % 127);
    }
    return bytes;
  }

  private String connect(Path client, byte[] identity, byte[] key) throws Exception {
    server.expect(key);
    return DtlsStack.connect(client, server.port(), identity, key);
  }

  private void assertTaken(Path client, byte[] identity, byte[] key) throws Exception {
    assertThat(connect(client, identity, key)).isEqualTo("connected");
    assertThat(server.seen()).contains(identity);
  }

  /** The stacks whose limits are those of a profile, with what they say of one byte more. */
  static Stream<Arguments> limits() {
    return Stream.of(
        arguments(
            OPENSSL,
            DeviceProfile.OPENSSL,
            "refused: the buffer for the identity has 255 bytes",
            "refused: the buffer for the key has 512 bytes"),
        arguments(MBEDTLS, DeviceProfile.MBEDTLS_2, "failed: -0x7100", "refused: -0x7100"));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void limitsOfProfile_fit_andOneByteMoreIsRefused(
      DtlsStack stack, DeviceProfile profile, String longIdentity, String longKey)
      throws Exception {
    Path client = stack.compile(folder);

    assertTaken(client, bytes(1), bytes(1));
    assertTaken(client, bytes(profile.maxIdentityLength()), bytes(profile.maxKeyLength()));

    assertThat(connect(client, bytes(profile.maxIdentityLength() + 1), KEY))
        .isEqualTo(longIdentity);
    assertThat(server.seen()).isEmpty();
    assertThat(connect(client, IDENTITY, bytes(profile.maxKeyLength() + 1))).isEqualTo(longKey);
    assertThat(server.seen()).isEmpty();
  }

  /** Builds with TLS 1.3 have room for longer identities than the profile says. */
  @Test
  void wolfssl_limitsOfProfile_fit_andNothingLongerIsCutOff() throws Exception {
    DeviceProfile profile = DeviceProfile.WOLFSSL;
    Path client = WOLFSSL.compile(folder);
    byte[] longer = bytes(profile.maxIdentityLength() + 1);

    assertTaken(client, bytes(1), bytes(1));
    assertTaken(client, bytes(profile.maxIdentityLength()), bytes(profile.maxKeyLength()));

    if (connect(client, longer, KEY).equals("connected")) {
      assertThat(server.seen()).contains(longer);
    } else {
      assertThat(server.seen()).isEmpty();
    }
    assertThat(connect(client, IDENTITY, bytes(profile.maxKeyLength() + 1)))
        .isEqualTo("refused: the buffer for the key has 64 bytes");
    assertThat(server.seen()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"GNUTLS", "GNUTLS_STRING"})
  void gnutls_limitsOfProfile_fit_andMuchMoreFails(DtlsStack stack) throws Exception {
    DeviceProfile profile = DeviceProfile.GNUTLS;
    Path client = stack.compile(folder);

    assertTaken(client, bytes(1), bytes(1));
    assertTaken(client, bytes(profile.maxIdentityLength()), KEY);
    assertTaken(client, IDENTITY, bytes(profile.maxKeyLength()));
    assertThat(connect(client, bytes(40_000), KEY)).startsWith("failed: ");
    assertThat(server.seen()).isEmpty();
  }

  @Test
  void libcoap_identityOneByteTooLong_isAnotherIdentity_withoutAnError() throws Exception {
    int most = DeviceProfile.LIBCOAP_OPENSSL.maxIdentityLength();
    Path client = LIBCOAP_OPENSSL.compile(folder);
    byte[] tooLong = bytes(most + 1);

    assertTaken(client, bytes(most), KEY);
    assertThat(connect(client, tooLong, KEY)).isEqualTo("connected");
    assertThat(server.seen()).contains(Arrays.copyOf(tooLong, most));
  }

  @Test
  void libcoap_keyOneByteTooLong_isAnotherKey_andTheHandshakeFails() throws Exception {
    int most = DeviceProfile.LIBCOAP_OPENSSL.maxKeyLength();
    Path client = LIBCOAP_OPENSSL.compile(folder);

    assertTaken(client, IDENTITY, bytes(most));
    assertThat(connect(client, IDENTITY, bytes(most + 1))).startsWith("failed");
    assertThat(server.seen()).contains(IDENTITY);
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "GNUTLS_STRING", "WOLFSSL", "LIBCOAP_OPENSSL"})
  void identityWithNul_endsThere_withoutAnError(DtlsStack stack) throws Exception {
    Path client = stack.compile(folder);

    assertThat(connect(client, WITH_NUL, KEY)).isEqualTo("connected");
    assertThat(server.seen()).contains(new byte[] {'d'});
  }

  @ParameterizedTest
  @EnumSource(names = {"GNUTLS", "MBEDTLS"})
  void identityWithNul_wherePassedWithItsLength_arrivesWhole(DtlsStack stack) throws Exception {
    assertTaken(stack.compile(folder), WITH_NUL, KEY);
  }

  @ParameterizedTest
  @EnumSource
  void identityThatIsNotUtf8_andKeyWithNul_arriveWhole(DtlsStack stack) throws Exception {
    assertTaken(
        stack.compile(folder), new byte[] {'d', (byte) 0xff}, new byte[] {7, 0, 9, 0, 11, 0});
  }

  @ParameterizedTest
  @EnumSource
  void emptyKey_isTakenByNone(DtlsStack stack) throws Exception {
    Path client = stack.compile(folder);
    server.expect(KEY);

    assertThat(DtlsStack.connect(client, server.port(), IDENTITY, new byte[0]))
        .matches("(refused|failed): .+");
    assertThat(server.seen()).isEmpty();
  }
}
