// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.rest.EntryComparison;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;

/** What a server holds for an endpoint, in words and without a key. */
final class ComparisonText {
  private ComparisonText() {}

  static String of(EntryComparison comparison) {
    return switch (comparison.outcome()) {
      case NEW -> "new";
      case NOT_SHOWN -> "not shown by the server";
      case SAME -> "same";
      case OTHER_KEY -> "different: the server's key " + checkValue(comparison);
      case OTHER_IDENTITY ->
          "different: the server's PSK identity "
              + comparison
                  .pskIdentity()
                  .map(identity -> "is " + StoreRow.quoted(identity))
                  .orElse("is not valid")
              + ", its key "
              + checkValue(comparison);
      case OTHER_MODE ->
          "different: on the server it uses "
              + comparison.mode().map(ComparisonText::name).orElse("");
      case IDENTITY_IN_USE ->
          "PSK identity in use: "
              + comparison.identityOwner().map(StoreRow::quoted).orElse("another endpoint")
              + " has it on the server";
    };
  }

  private static String checkValue(EntryComparison comparison) {
    return comparison
        .checkValue()
        .map(value -> "has the check value " + value)
        .orElse("is not valid");
  }

  /** Names a security mode. */
  static String name(Mode mode) {
    return switch (mode) {
      case PSK -> "a pre-shared key";
      case RPK -> "a raw public key";
      case X509 -> "an X.509 certificate";
      case OSCORE -> "OSCORE";
      case OTHER -> "an unknown security mode";
    };
  }
}
