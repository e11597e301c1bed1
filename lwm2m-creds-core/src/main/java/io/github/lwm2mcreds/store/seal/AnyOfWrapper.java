// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Wraps with the first of several wrappers, and unwraps with whichever can. */
final class AnyOfWrapper implements KeyWrapper {
  private final List<KeyWrapper> wrappers;

  AnyOfWrapper(List<KeyWrapper> wrappers) {
    this.wrappers = List.copyOf(wrappers);
  }

  @Override
  public byte[] wrap(byte[] key) {
    return wrappers.get(0).wrap(key);
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    List<CredentialStoreException> failures = new ArrayList<>();
    for (KeyWrapper wrapper : wrappers) {
      try {
        return wrapper.unwrap(wrapped);
      } catch (CredentialStoreException e) {
        failures.add(e);
      }
    }
    throw failure(failures);
  }

  /** One that could not be asked may be the right one, so its failure tells more than the rest. */
  private static CredentialStoreException failure(List<CredentialStoreException> failures) {
    Reason reason =
        failures.stream()
            .map(CredentialStoreException::reason)
            .filter(r -> r != Reason.WRONG_KEY)
            .findFirst()
            .orElse(Reason.WRONG_KEY);
    CredentialStoreException failure =
        new CredentialStoreException(
            reason,
            failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; and ")));
    failures.forEach(failure::addSuppressed);
    return failure;
  }

  @Override
  public String toString() {
    return wrappers.stream().map(Object::toString).collect(Collectors.joining(", or else "));
  }
}
