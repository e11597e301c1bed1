// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Rotation;

/** The rows that show a store's credentials to people, with check values and without keys. */
final class StoreRow {
  private static final int WIDTH = 32; // of the endpoints that dm-lwm2m devices can have

  private StoreRow() {}

  /**
   * Returns a row.
   *
   * @param rest the text after the check value; may be empty
   */
  static String of(DeviceCredential credential, String rest) {
    return of(StoredCredential.summary(credential), rest);
  }

  /** Makes a row of a credential whose key may not open. */
  static String of(CredentialSummary credential, String rest) {
    StringBuilder row = padded(credential.endpoint()).append(checkValue(credential));
    if (!credential.pskIdentity().asString().equals(credential.endpoint())) {
      row.append("  identity ").append(quoted(credential.pskIdentity()));
    }
    String note = LookAlike.note(credential.endpoint());
    return row.append(rest.isEmpty() ? "" : "  " + rest)
        .append(note.isEmpty() ? "" : "  " + note)
        .toString();
  }

  /** Returns the check value, or of a key that does not open a word as wide. */
  static String checkValue(CredentialSummary credential) {
    return credential.checkValue().map(KeyCheckValue::toString).orElse("unopened");
  }

  /** Returns the start of a row, up to the next column. */
  static StringBuilder padded(String endpoint) {
    StringBuilder row = new StringBuilder(2 * WIDTH).append(Printable.escape(endpoint));
    while (row.length() < WIDTH) {
      row.append(' ');
    }
    return row.append(' ');
  }

  /** Describes the state of a rotation. */
  static String of(Rotation rotation) {
    return "rotating to " + quoted(rotation.next()) + " until " + rotation.deadline();
  }

  static String quoted(PskIdentity identity) {
    return "'" + identity + "'";
  }

  static String quoted(String text) {
    return "'" + Printable.escape(text) + "'";
  }
}
