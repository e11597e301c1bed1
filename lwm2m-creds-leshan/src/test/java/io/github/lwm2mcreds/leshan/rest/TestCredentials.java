// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Credentials to send, and what to expect when they do not arrive. */
final class TestCredentials {
  static final String KEY_HEX = "8f1d0c5be2a7349610fe6ab8c3d25974";

  private TestCredentials() {}

  static PreSharedKey key() {
    return PreSharedKey.ofHex(KEY_HEX.getBytes(StandardCharsets.US_ASCII));
  }

  static DeviceCredential credential(String endpoint) {
    return DeviceCredential.of(endpoint, key());
  }

  static DeviceCredential credential(String endpoint, String identity) {
    return DeviceCredential.of(endpoint, PskIdentity.of(identity), key());
  }

  /** Expects a refusal that shows no key. */
  static ThrowableAssertAlternative<SecurityApiException> assertRefused(
      SecurityApiException.Reason reason, ThrowingCallable call) {
    return assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(call)
        .matches(e -> e.reason() == reason, "has the reason " + reason)
        .matches(e -> !e.getMessage().contains(KEY_HEX.substring(0, 6)), "shows no key");
  }
}
