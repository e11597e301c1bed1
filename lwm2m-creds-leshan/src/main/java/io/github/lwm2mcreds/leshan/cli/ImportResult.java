// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.ImportOutcome;
import java.util.Locale;

/** What became of a row that a store was to take in. */
enum ImportResult {
  ADDED,
  UNCHANGED,
  REPLACED,
  CHANGED,
  CONFLICTING,
  REVOKED,
  WEAK,
  /** Another row has another credential for the endpoint, so the store was not asked. */
  AMBIGUOUS,
  /** There is no credential. */
  UNREADABLE;

  static ImportResult of(ImportOutcome outcome) {
    return valueOf(outcome.name());
  }

  /** Returns whether the store has the row's credential afterwards. */
  boolean isTaken() {
    return compareTo(REPLACED) <= 0;
  }

  /** Returns the word for people and programs. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the option that takes the row all the same, for the end of a message; or nothing. */
  String advice() {
    return switch (this) {
      case CHANGED -> " (--replace)";
      case WEAK -> " (--allow-weak-keys)";
      default -> "";
    };
  }
}
