// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreFailureTest {
  private static final int REFUSED = CommandException.refused("").exitCode();

  @ParameterizedTest
  @EnumSource(names = {"LOCKED", "TIMED_OUT", "CONFLICT", "TOO_MANY_CONNECTIONS", "UNAVAILABLE"})
  void of_whatMayPass_isAFailure(Reason reason) {
    assertThat(exitCode(reason)).isNotEqualTo(REFUSED);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_ALLOWED", "MISCONFIGURED", "NOT_FOUND", "WRONG_KEY"})
  void of_whatTheUserHasToChange_isARefusal(Reason reason) {
    assertThat(exitCode(reason)).isEqualTo(REFUSED);
  }

  private static int exitCode(Reason reason) {
    return StoreFailure.of(new CredentialStoreException(reason, "x")).orElseThrow().exitCode();
  }
}
