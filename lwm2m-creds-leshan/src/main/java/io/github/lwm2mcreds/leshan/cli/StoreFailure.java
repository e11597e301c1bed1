// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.store.CredentialStoreException;
import java.util.Optional;

/** What a store's exceptions mean to the user of a command. */
final class StoreFailure {
  private StoreFailure() {}

  static Optional<CommandException> of(Exception e) {
    if (e instanceof CredentialStoreException failure) {
      return Optional.of(
          isRefusal(failure.reason())
              ? CommandException.refused(e.getMessage(), e)
              : CommandException.failed(e.getMessage(), e));
    }
    return e instanceof RefusedCredentialException
        ? Optional.of(CommandException.refused(e.getMessage(), e))
        : Optional.empty();
  }

  /** Returns whether the command must change, so that trying again does not help. */
  private static boolean isRefusal(CredentialStoreException.Reason reason) {
    return switch (reason) {
      case NOT_FOUND,
          ALREADY_EXISTS,
          NOT_A_STORE,
          NEWER_SCHEMA,
          FILE_MODE,
          WRONG_KEY,
          NOT_ALLOWED,
          MISCONFIGURED ->
          true;
      default -> false;
    };
  }
}
