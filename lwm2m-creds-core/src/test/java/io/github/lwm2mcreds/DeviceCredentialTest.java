// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_EMPTY;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_NOT_TEXT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_TOO_LONG;
import static io.github.lwm2mcreds.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceCredentialTest {
  private static final PskIdentity IDENTITY = PskIdentity.of("identity");

  private static PreSharedKey key() {
    return PreSharedKey.copyOf(new byte[] {5, 2, 9});
  }

  @Test
  void of_endpointAlone_isThePskIdentityToo() {
    DeviceCredential credential = DeviceCredential.of("deadbeef", key());
    assertThat(credential.endpoint()).isEqualTo("deadbeef");
    assertThat(credential.pskIdentity()).isEqualTo(PskIdentity.of("deadbeef"));
    assertThat(credential.psk()).isEqualTo(key());
  }

  @Test
  void of_endpointOf252Bytes_isAccepted() {
    assertThat(DeviceCredential.of("e".repeat(252), IDENTITY, key()).endpoint()).hasSize(252);
    assertThat(DeviceCredential.of("\u00e9".repeat(126), IDENTITY, key()).endpoint()).hasSize(126);
  }

  @Test
  void of_endpointOf253Bytes_isRefusedWithTheLimit() {
    assertRefused(ENDPOINT_TOO_LONG, () -> DeviceCredential.of("e".repeat(253), IDENTITY, key()))
        .contains("253 bytes", "at most 252", "RFC 7252");
    assertRefused(
        ENDPOINT_TOO_LONG, () -> DeviceCredential.of("e" + "\u00e9".repeat(126), IDENTITY, key()));
  }

  @Test
  void of_endpointTooLongForAnIdentity_needsAnIdentityOfItsOwn() {
    assertThat(DeviceCredential.of("e".repeat(128), key()).endpoint()).hasSize(128);
    assertRefused(IDENTITY_TOO_LONG, () -> DeviceCredential.of("e".repeat(129), key()));
  }

  @Test
  void of_emptyEndpoint_isRefused() {
    assertRefused(ENDPOINT_EMPTY, () -> DeviceCredential.of("", key()));
    assertRefused(ENDPOINT_EMPTY, () -> DeviceCredential.of("", IDENTITY, key()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "a\0", "\u007f", "\u0085", "\ud800", "\udfff", "\udc80", "a\udcff"})
  void of_endpointThatIsNotText_isRefusedAndEscapedInTheMessage(String endpoint) {
    assertRefused(ENDPOINT_NOT_TEXT, () -> DeviceCredential.of(endpoint, key())).matches("[ -~]+");
    assertRefused(ENDPOINT_NOT_TEXT, () -> DeviceCredential.of(endpoint, IDENTITY, key()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"urn:uuid:5ee1e7a4-3c1d-4d2e-9a7b-52b1f0c6d8e3", "a b", "\ud83d\udce1"})
  void of_anyText_isAccepted(String endpoint) {
    assertThat(DeviceCredential.of(endpoint, key()).endpoint()).isEqualTo(endpoint);
  }

  @Test
  void requireEndpoint_endpoint_isReturnedOrRefused() {
    assertThat(DeviceCredential.requireEndpoint("deadbeef")).isEqualTo("deadbeef");
    assertRefused(ENDPOINT_EMPTY, () -> DeviceCredential.requireEndpoint(""));
  }

  @Test
  void of_null_isRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> DeviceCredential.of("e", IDENTITY, null))
        .withMessage("psk");
    assertThatNullPointerException()
        .isThrownBy(() -> DeviceCredential.of("e", null, key()))
        .withMessage("pskIdentity");
  }

  @Test
  void destroy_credential_destroysItsKey() {
    PreSharedKey key = key();
    DeviceCredential credential = DeviceCredential.of("deadbeef", key);
    assertThat(credential.isDestroyed()).isFalse();
    credential.destroy();
    assertThat(credential.isDestroyed()).isTrue();
    assertThat(key.isDestroyed()).isTrue();
    assertThat(credential.endpoint()).isEqualTo("deadbeef");
  }

  @Test
  void equals_anyPartDiffers_isFalse() {
    DeviceCredential credential = DeviceCredential.of("e", IDENTITY, key());
    assertThat(credential)
        .isEqualTo(DeviceCredential.of("e", IDENTITY, key()))
        .hasSameHashCodeAs(DeviceCredential.of("e", IDENTITY, key()))
        .isNotEqualTo(DeviceCredential.of("f", IDENTITY, key()))
        .doesNotHaveSameHashCodeAs(DeviceCredential.of("f", IDENTITY, key()))
        .isNotEqualTo(DeviceCredential.of("e", key()))
        .isNotEqualTo(DeviceCredential.of("e", IDENTITY, PreSharedKey.copyOf(new byte[] {1})))
        .isNotEqualTo("e");
  }

  @Test
  void equals_destroyedCredential_isWhatItWasBefore() {
    DeviceCredential destroyed = DeviceCredential.of("e", IDENTITY, key());
    destroyed.destroy();
    assertThat(destroyed)
        .isEqualTo(DeviceCredential.of("e", IDENTITY, key()))
        .isNotEqualTo(DeviceCredential.of("e", IDENTITY, PreSharedKey.copyOf(new byte[3])));
  }

  @Test
  void toString_credential_showsEverythingButTheKey() {
    PskIdentity identity = PskIdentity.ofBytes(new byte[] {'i', (byte) 0xfe});
    assertThat(DeviceCredential.of("a\u202eb", identity, key()))
        .hasToString("DeviceCredential[endpoint=a\\u202eb, pskIdentity=i\\xfe, psk=<redacted>]");
  }
}
