// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call is refused for a reason. */
final class Refusals {
  private Refusals() {}

  static AbstractStringAssert<?> assertRefused(
      InvalidCredentialException.Reason reason, ThrowingCallable call) {
    InvalidCredentialException refusal =
        catchThrowableOfType(InvalidCredentialException.class, call);
    assertThat(refusal).as("refusal").isNotNull();
    assertThat(refusal.reason()).isEqualTo(reason);
    return assertThat(refusal.getMessage());
  }
}
