// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.RegistrationCheck.Verdict;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.leshan.server.registration.Registration;

/**
 * One pass over all registrations, which ends those that are over.
 *
 * <p>What cannot be decided or ended is passed over, so that nothing behind it has to wait for it.
 * A pass that fails several times in a row gives up: the store is out of reach, and each question
 * might take as long as its time limit. Where the store answers, but nothing is known yet, that is
 * no failure.
 */
final class RegistrationSweep {
  private static final int MAX_FAILURES_IN_A_ROW = 3;

  private final Function<Registration, Verdict> check;
  private final Consumer<Registration> end;
  private RuntimeException firstFailure;
  private int failuresInARow;
  private String firstUnknown;
  private int unknown;

  RegistrationSweep(Function<Registration, Verdict> check, Consumer<Registration> end) {
    this.check = check;
    this.end = end;
  }

  /** Passes over registrations once, and throws afterwards why the pass has to be repeated. */
  void run(Iterator<Registration> all) {
    while (failuresInARow < MAX_FAILURES_IN_A_ROW && all.hasNext()) {
      look(all.next());
    }
    if (firstFailure != null) {
      throw firstFailure;
    }
    if (unknown > 0) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE,
          "registrations that are newer than what this server knows of the credential store: "
              + unknown
              + ", the first that of '"
              + Printable.escape(firstUnknown)
              + "'; whether their credentials are gone is not known yet, and is looked up later");
    }
  }

  private void look(Registration registration) {
    try {
      switch (check.apply(registration)) {
        case OVER -> end.accept(registration);
        case NOT_KNOWN_YET -> {
          firstUnknown = firstUnknown == null ? registration.getEndpoint() : firstUnknown;
          unknown++;
        }
        case GOES_ON -> {}
      }
      failuresInARow = 0;
    } catch (RuntimeException e) {
      firstFailure = firstFailure == null ? e : firstFailure;
      failuresInARow++;
    }
  }
}
