// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

/** What several attempts threw: the first, with the others suppressed. */
final class Failures {
  private RuntimeException first;

  /** Makes an attempt, and returns whether it succeeded. */
  boolean collect(Runnable attempt) {
    try {
      attempt.run();
      return true;
    } catch (RuntimeException e) {
      if (first == null) {
        first = e;
      } else if (first != e) {
        first.addSuppressed(e);
      }
      return false;
    }
  }

  /** Throws what was collected, if anything was. */
  void rethrow() {
    if (first != null) {
      throw first;
    }
  }
}
