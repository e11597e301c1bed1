// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import java.util.Objects;
import java.util.Optional;

/** Makes entries of what a source says about a device. */
final class EntryMaker {
  private final KeyPolicy policy;

  EntryMaker(KeyPolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** A value that is outside the limits throws. */
  interface Value<T> {
    T get();
  }

  /** Returns an entry; what is outside the limits or weak is not taken. */
  SourceEntry entry(
      long number, String endpoint, Value<PskIdentity> identity, Value<PreSharedKey> psk) {
    Optional<NotTaken> problem = endpointProblem(number, endpoint);
    if (problem.isPresent()) {
      return problem.get();
    }
    DeviceCredential credential;
    try {
      credential = DeviceCredential.of(endpoint, identity.get(), psk.get());
    } catch (InvalidCredentialException e) {
      return new NotTaken(number, Optional.of(endpoint), reason(e), e.getMessage());
    }
    try {
      policy.check(credential);
      return new FoundCredential(number, credential);
    } catch (WeakKeyException e) {
      credential.destroy();
      return new NotTaken(number, Optional.of(endpoint), Reason.WEAK_KEY, e.getMessage());
    }
  }

  private static Reason reason(InvalidCredentialException e) {
    return e.reason() == InvalidCredentialException.Reason.KEY_EMPTY
        ? Reason.NO_KEY
        : Reason.INVALID_VALUE;
  }

  private static Optional<NotTaken> endpointProblem(long number, String endpoint) {
    if (endpoint == null || endpoint.isEmpty()) {
      return Optional.of(
          new NotTaken(number, Optional.empty(), Reason.NO_ENDPOINT, "it has no endpoint"));
    }
    try {
      DeviceCredential.requireEndpoint(endpoint);
      return Optional.empty();
    } catch (InvalidCredentialException e) {
      return Optional.of(
          new NotTaken(number, Optional.empty(), Reason.INVALID_VALUE, e.getMessage()));
    }
  }

  /** Returns an entry that is not taken, with its endpoint if that is valid. */
  static NotTaken notTaken(long number, String endpoint, Reason reason, String message) {
    Optional<NotTaken> problem = endpointProblem(number, endpoint);
    return new NotTaken(
        number, problem.isPresent() ? Optional.empty() : Optional.of(endpoint), reason, message);
  }

  static NotTaken otherMode(long number, String endpoint, String mode) {
    return notTaken(number, endpoint, Reason.OTHER_MODE, "it uses " + mode + " instead of PSK");
  }

  static NotTaken mixedModes(long number, String endpoint, String mode) {
    return notTaken(number, endpoint, Reason.OTHER_MODE, "it uses " + mode + " besides PSK");
  }
}
