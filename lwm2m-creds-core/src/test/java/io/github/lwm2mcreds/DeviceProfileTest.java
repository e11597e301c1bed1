// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.DeviceProfile.DM_LWM2M;
import static io.github.lwm2mcreds.DeviceProfile.MBEDTLS;
import static io.github.lwm2mcreds.DeviceProfile.TINYDTLS;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_NOT_ASCII;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_ENDPOINT;
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
  void mbedtls_key32_isTheLimit() {
    assertFits(MBEDTLS, credential(128, 32));
    assertRefused(KEY_TOO_LONG, () -> MBEDTLS.check(credential(8, 33))).contains("mbedtls");
  }

  @Test
  void zephyr_sizeFromKconfig_isTheLimitOfBoth() {
    assertFits(DeviceProfile.zephyr(16), credential(16, 16));
    assertRefused(KEY_TOO_LONG, () -> DeviceProfile.zephyr(16).check(credential(16, 17)));
    assertRefused(IDENTITY_TOO_LONG, () -> DeviceProfile.zephyr(16).check(credential(17, 16)));
    assertFits(DeviceProfile.zephyr(256), credential(128, 64));
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
    assertThat(DeviceProfile.zephyr(32)).hasToString("zephyr");
  }
}
