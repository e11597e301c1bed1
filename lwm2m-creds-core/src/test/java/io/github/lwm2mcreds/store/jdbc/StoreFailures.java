// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a store fails for a reason. */
public final class StoreFailures {
  private StoreFailures() {}

  public static AbstractStringAssert<?> assertFails(Reason reason, ThrowingCallable call) {
    CredentialStoreException failure = catchThrowableOfType(CredentialStoreException.class, call);
    assertThat(failure).as("failure").isNotNull();
    assertThat(failure.reason()).isEqualTo(reason);
    return assertThat(failure.getMessage());
  }
}
