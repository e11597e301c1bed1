// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RefusedCredentialException;
import java.util.Optional;

/**
 * What became of one credential of an import. It never holds a key.
 *
 * @param number its place in the import, from 1
 * @param endpoint the LwM2M endpoint client name
 * @param pskIdentity its identity
 * @param outcome what became of it
 * @param refusal why it was refused, in words and for a program; empty if it was not
 */
public record ImportedRow(
    long number,
    String endpoint,
    PskIdentity pskIdentity,
    ImportOutcome outcome,
    Optional<RefusedCredentialException> refusal) {
  /**
   * Makes a row of a credential that was taken, or was there already.
   *
   * @param number its place in the import, from 1
   * @param credential the credential
   * @param outcome what became of it
   * @return the row
   */
  public static ImportedRow of(long number, DeviceCredential credential, PutOutcome outcome) {
    return new ImportedRow(
        number,
        credential.endpoint(),
        credential.pskIdentity(),
        ImportOutcome.of(outcome),
        Optional.empty());
  }

  /**
   * Makes a row of a credential that was refused.
   *
   * @param number its place in the import, from 1
   * @param credential the credential
   * @param refusal why
   * @return the row
   */
  public static ImportedRow of(
      long number, DeviceCredential credential, RefusedCredentialException refusal) {
    return new ImportedRow(
        number,
        credential.endpoint(),
        credential.pskIdentity(),
        ImportOutcome.of(refusal),
        Optional.of(refusal));
  }

  /**
   * Describes the row.
   *
   * @return number, endpoint, outcome and why it was refused
   */
  @Override
  public String toString() {
    return number
        + " '"
        + Printable.escape(endpoint)
        + "' "
        + outcome
        + refusal.map(why -> ": " + why.getMessage()).orElse("");
  }
}
