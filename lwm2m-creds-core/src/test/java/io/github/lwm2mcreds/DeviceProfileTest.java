// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.DeviceProfile.DM_LWM2M;
import static io.github.lwm2mcreds.DeviceProfile.MBEDTLS_2;
import static io.github.lwm2mcreds.DeviceProfile.MBEDTLS_3;
import static io.github.lwm2mcreds.DeviceProfile.MBEDTLS_3_TLS13;
import static io.github.lwm2mcreds.DeviceProfile.OPENSSL;
import static io.github.lwm2mcreds.DeviceProfile.TINYDTLS;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_NOT_ASCII;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_ENDPOINT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_STORABLE;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_SHORT;
import static io.github.lwm2mcreds.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceProfileTest {
  private static PreSharedKey key(int length) {
    return PreSharedKey.copyOf(new byte[length]);
  }

  private static DeviceCredential credential(int identityLength, int keyLength) {
    return DeviceCredential.of("e".repeat(identityLength), key(keyLength));
  }

  private static void assertFits(DeviceProfile profile, DeviceCredential credential) {
    assertThatCode(() -> profile.check(credential)).doesNotThrowAnyException();
  }

  @Test
  void dmLwm2m_32CharactersAnd16Bytes_fit() {
    assertFits(DM_LWM2M, credential(1, 16));
    assertFits(DM_LWM2M, credential(32, 16));
  }

  @Test
  void dmLwm2m_33Characters_areRefused() {
    assertRefused(ENDPOINT_TOO_LONG, () -> DM_LWM2M.check(credential(33, 16)))
        .contains("dm-lwm2m", "at most 32", "33");
  }

  @Test
  void dmLwm2m_anyOtherKeyLength_isRefused() {
    assertRefused(KEY_TOO_SHORT, () -> DM_LWM2M.check(credential(8, 15)))
        .contains("at least 16", "15");
    assertRefused(KEY_TOO_LONG, () -> DM_LWM2M.check(credential(8, 17)))
        .contains("at most 16", "17");
  }

  @Test
  void dmLwm2m_endpointOutsideAscii_isRefused() {
    assertRefused(
            ENDPOINT_NOT_ASCII, () -> DM_LWM2M.check(DeviceCredential.of("caf\u00e9", key(16))))
        .contains("caf\u00e9");
  }

  @Test
  void dmLwm2m_identityThatIsNotTheEndpoint_isRefused() {
    DeviceCredential credential = DeviceCredential.of("deadbeef", PskIdentity.of("other"), key(16));
    assertRefused(IDENTITY_NOT_ENDPOINT, () -> DM_LWM2M.check(credential))
        .contains("deadbeef", "other");
  }

  @Test
  void tinydtls_identity32AndKey16_areTheLimits() {
    assertFits(TINYDTLS, credential(32, 16));
    assertFits(TINYDTLS, credential(1, 1));
    assertRefused(IDENTITY_TOO_LONG, () -> TINYDTLS.check(credential(33, 16)));
    assertRefused(KEY_TOO_LONG, () -> TINYDTLS.check(credential(32, 17)));
  }

  @Test
  void tinydtls_limitIsTheIdentityInBytes_notTheEndpoint() {
    assertFits(
        TINYDTLS,
        DeviceCredential.of("e".repeat(200), PskIdentity.of("\u00e9".repeat(16)), key(9)));
    assertRefused(
        IDENTITY_TOO_LONG, () -> TINYDTLS.check(DeviceCredential.of("\u00e9".repeat(17), key(16))));
  }

  @Test
  void tinydtls_refusal_namesStackConstantAndWhatWasFound() {
    assertRefused(KEY_TOO_LONG, () -> TINYDTLS.check(credential(32, 17)))
        .isEqualTo(
            "tinydtls devices take keys of at most 16 bytes (DTLS_PSK_MAX_CLIENT_IDENTITY_LEN and"
                + " DTLS_PSK_MAX_KEY_LEN); this one has 17");
  }

  @Test
  void mbedtls_key32_isTheLimit_unlessItHasTls13() {
    assertFits(MBEDTLS_2, credential(128, 32));
    assertFits(MBEDTLS_3, credential(128, 32));
    assertFits(MBEDTLS_3_TLS13, credential(128, 48));
    assertRefused(KEY_TOO_LONG, () -> MBEDTLS_2.check(credential(8, 33))).contains("mbedtls-2");
    assertRefused(KEY_TOO_LONG, () -> MBEDTLS_3.check(credential(8, 33))).contains("TLS 1.3");
    assertRefused(KEY_TOO_LONG, () -> MBEDTLS_3_TLS13.check(credential(8, 49)));
  }

  @Test
  void openssl_nulInIdentity_isRefused_whereMbedtlsSendsIt() {
    DeviceCredential credential =
        DeviceCredential.of("e", PskIdentity.ofBytes(new byte[] {'a', 0, 'b'}), key(16));

    assertRefused(IDENTITY_NOT_STORABLE, () -> OPENSSL.check(credential))
        .contains("openssl", "first NUL", "byte 1");
    assertFits(MBEDTLS_2, credential);
    assertFits(TINYDTLS, credential);
  }

  @Test
  void zephyr_sizeFromKconfig_isTheLimitOfBoth() {
    assertFits(DeviceProfile.zephyr(16), credential(16, 16));
    assertRefused(KEY_TOO_LONG, () -> DeviceProfile.zephyr(16).check(credential(16, 17)));
    assertRefused(IDENTITY_TOO_LONG, () -> DeviceProfile.zephyr(16).check(credential(17, 16)));
  }

  @Test
  void zephyr_sizeAboveThatOfItsMbedTls_allowsIdentitiesButNoLongerKeys() {
    assertFits(DeviceProfile.zephyr(256), credential(128, 32));
    assertRefused(KEY_TOO_LONG, () -> DeviceProfile.zephyr(256).check(credential(128, 33)))
        .contains("CONFIG_MBEDTLS_PSK_MAX_LEN");
  }

  @Test
  void named_eachName_isTheProfileWithIt() {
    for (String name : DeviceProfile.names()) {
      String typed = name.replace("SIZE", "64");
      assertThat(DeviceProfile.named(typed).name()).isEqualTo(typed);
    }
    assertThat(DeviceProfile.named("zephyr")).hasToString("zephyr:16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mbedtls", "OpenSSL", "zephyr:", "zephyr:1e2", "zephyr:SIZE", "a\nb"})
  void named_unknown_listsTheNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceProfile.named(name))
        .withMessageContainingAll("mbedtls-3-tls13", "zephyr:SIZE")
        .withMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 257, 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void zephyr_sizeOutsideKconfigsRange_isRefused(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceProfile.zephyr(size))
        .withMessageContainingAll("CONFIG_LWM2M_SECURITY_KEY_SIZE", "16 to 256", "" + size);
  }

  @Test
  void toString_profile_isItsName() {
    assertThat(DM_LWM2M).hasToString("dm-lwm2m");
    assertThat(DeviceProfile.zephyr(32)).hasToString("zephyr:32");
  }
}
