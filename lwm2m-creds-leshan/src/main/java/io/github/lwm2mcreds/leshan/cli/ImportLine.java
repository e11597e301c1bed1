// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.ImportedRow;
import java.util.List;
import java.util.Optional;

/**
 * What is reported of a row that a store was to take in; never a key.
 *
 * @param number where the row is in its source
 * @param column the name of the value that is wrong, if it is one
 * @param endpoint the endpoint, if there is one
 * @param credential its credential; empty if the row has none
 * @param result what became of it; null until the store has said so
 * @param reason why it was not taken, for programs
 * @param message the same for people
 * @param warnings what is wrong with it although it may be taken
 */
record ImportLine(
    long number,
    Optional<String> column,
    Optional<String> endpoint,
    Optional<CredentialSummary> credential,
    ImportResult result,
    Optional<String> reason,
    Optional<String> message,
    List<String> warnings) {

  static ImportLine of(ImportUnreadable row) {
    return new ImportLine(
        row.number(),
        row.column(),
        row.endpoint(),
        Optional.empty(),
        ImportResult.UNREADABLE,
        Optional.of(row.reason()),
        Optional.of(row.message()),
        List.of());
  }

  /** Makes the line of a row that the store is asked to take. */
  static ImportLine waiting(long number, DeviceCredential credential, List<String> warnings) {
    return new ImportLine(
        number,
        Optional.empty(),
        Optional.of(credential.endpoint()),
        Optional.of(StoredCredential.summary(credential)),
        null,
        Optional.empty(),
        Optional.empty(),
        warnings);
  }

  /** Adds what the store did. */
  ImportLine with(ImportedRow row) {
    ImportResult done = ImportResult.of(row.outcome());
    return with(done, row.refusal().map(refusal -> refusal.getMessage() + done.advice()));
  }

  ImportLine with(ImportResult newResult, Optional<String> newMessage) {
    return new ImportLine(
        number,
        column,
        endpoint,
        credential,
        newResult,
        newResult.isTaken() ? Optional.empty() : Optional.of(newResult.name()),
        newMessage,
        warnings);
  }
}
