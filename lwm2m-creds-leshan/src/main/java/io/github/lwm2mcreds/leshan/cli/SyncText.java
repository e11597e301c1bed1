// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.rest.EntryComparison;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import io.github.lwm2mcreds.leshan.rest.SyncResult;
import io.github.lwm2mcreds.leshan.rest.SyncStep;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Action;

/** What a synchronisation does with a device and why, in words and without a key. */
final class SyncText {
  private SyncText() {}

  static String outcome(Action action) {
    return switch (action) {
      case ADD -> "added";
      case REPLACE -> "replaced";
      case REMOVE -> "removed";
      case LOCK -> "locked";
      case UNCHANGED -> "unchanged";
      case KEEP -> "kept";
      case CONFLICT -> "conflict";
      case IMPOSSIBLE -> "impossible";
    };
  }

  static String outcome(SyncResult result) {
    return switch (result.outcome()) {
      case DONE -> outcome(result.step().action());
      case FAILED -> "failed";
      case OVERTAKEN -> "overtaken";
    };
  }

  static String cause(SyncStep step) {
    return switch (step.cause()) {
      case NEW, SAME, OTHER_KEY, OTHER_IDENTITY, OTHER_MODE, IDENTITY_IN_USE -> compared(step);
      case SAME_AS_NEXT -> "the next key of its rotation";
      case REVOKED ->
          "revoked"
              + mode(step)
              + (step.action() == Action.LOCK
                  ? ", but Leshan's API cannot remove it: it gets a random key; take it out of the"
                      + " server's own store"
                  : "");
      case REMOVED -> "removed from the store";
      case UNKNOWN_CREDENTIAL -> "the store once had it with another key or identity";
      case UNKNOWN -> "unknown to the store" + mode(step);
      case UNREMOVABLE ->
          step.action() == Action.IMPOSSIBLE && step.stored().isPresent()
              ? "Leshan's API could not remove it again (--allow-unremovable)"
              : "Leshan's API cannot remove it; take it out of the server's own store";
      case UNSENDABLE -> "the PSK identity is not UTF-8, which is all that Leshan's API carries";
      case UNOPENED_KEY -> "the store's key does not open ('store check' tells more)";
    };
  }

  private static String compared(SyncStep step) {
    return ComparisonText.of(
        new EntryComparison(
            step.endpoint(),
            EntryComparison.Outcome.valueOf(step.cause().name()),
            step.mode(),
            step.pskIdentity(),
            step.checkValue(),
            step.identityOwner()));
  }

  private static String mode(SyncStep step) {
    return step.mode()
        .filter(mode -> mode != Mode.PSK)
        .map(mode -> ", on the server it uses " + ComparisonText.name(mode))
        .orElse("");
  }
}
