package io.github.lwm2mcreds.leshan;

import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationService;

/**
 * One pass over all registrations, which ends those that are over.
 *
 * <p>What cannot be decided or ended is passed over, so that nothing behind it has to wait for it.
 * A pass that fails several times in a row gives up: the store is out of reach, and each question
 * might take as long as its time limit.
 */
final class RegistrationSweep {
  private static final int MAX_FAILURES_IN_A_ROW = 3;

  private final RegistrationService registrations;
  private final Predicate<Registration> isOver;
  private final Consumer<Registration> end;

  RegistrationSweep(
      RegistrationService registrations,
      Predicate<Registration> isOver,
      Consumer<Registration> end) {
    this.registrations = registrations;
    this.isOver = isOver;
    this.end = end;
  }

  /** Passes over all registrations, and throws afterwards the first thing that failed. */
  void run() {
    Iterator<Registration> all = registrations.getAllRegistrations();
    RuntimeException first = null;
    int failures = 0;
    while (failures < MAX_FAILURES_IN_A_ROW && all.hasNext()) {
      Registration registration = all.next();
      try {
        if (isOver.test(registration)) {
          end.accept(registration);
        }
        failures = 0;
      } catch (RuntimeException e) {
        first = first == null ? e : first;
        failures++;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
