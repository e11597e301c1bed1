// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.ImportedRow;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a batch of an import into the database, within one transaction, with the outcome that its
 * credentials would have one after the other. Those that are new, which is most of them, are
 * inserted in one go and in the order of the index; the database tells which those were. The others
 * are looked at one by one.
 */
final class ImportMerge {
  private final Transaction transaction;
  private final SealingKeys keys;
  private final PutBatch.Mode mode;
  private final NewCredentials newCredentials;
  private final ImportBatch batch;
  private final ImportedRow[] outcomes;

  ImportMerge(
      Transaction transaction,
      SealingKeys keys,
      PutBatch.Mode mode,
      NewCredentials newCredentials,
      ImportBatch batch) {
    this.transaction = transaction;
    this.keys = keys;
    this.mode = mode;
    this.newCredentials = newCredentials;
    this.batch = batch;
    this.outcomes = new ImportedRow[batch.rows().size()];
  }

  /** Writes what has changed, and returns what became of each row. */
  List<ImportedRow> write() throws SQLException {
    refuseWeak();
    List<String> endpoints = batch.rows().stream().map(ImportRow::endpoint).toList();
    new Retirement(transaction, keys).finishDueOf(endpoints);
    insertNew(rowsOfNewNames());
    putOthers().write();
    return List.of(outcomes);
  }

  /** Returns what would become of each row; all that it takes into account is rolled back. */
  List<ImportedRow> foresee() throws SQLException {
    refuseWeak();
    putOthers();
    return List.of(outcomes);
  }

  private void refuseWeak() {
    for (int i = 0; i < outcomes.length; i++) {
      ImportRow row = batch.rows().get(i);
      if (row.weakness() != null) {
        outcomes[i] = ImportedRow.of(number(i), row.credential(), row.weakness());
      }
    }
  }

  private long number(int index) {
    return batch.first() + index;
  }

  /**
   * Returns the indices of the rows whose endpoint and identity no row before has. What becomes of
   * these does not depend on the others, nor what becomes of the others on when these are put in.
   */
  private List<Integer> rowsOfNewNames() {
    Set<String> endpoints = new HashSet<>();
    Set<PskIdentity> identities = new HashSet<>();
    List<Integer> indices = new ArrayList<>(outcomes.length);
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        DeviceCredential credential = batch.rows().get(i).credential();
        boolean isNewEndpoint = endpoints.add(credential.endpoint());
        if (identities.add(credential.pskIdentity()) && isNewEndpoint) {
          indices.add(i);
        }
      }
    }
    return indices;
  }

  private void insertNew(List<Integer> indices) throws SQLException {
    List<Integer> inOrder = new ArrayList<>(indices);
    inOrder.sort(Comparator.comparing(i -> batch.rows().get(i).endpoint()));
    List<SealedCredential> sealed = new ArrayList<>(inOrder.size());
    for (int i : inOrder) {
      sealed.add(sealed(batch.rows().get(i)));
    }
    boolean[] inserted =
        newCredentials.insert(transaction.session(), sealed, transaction.hasRevocations());
    int[] added = new int[inOrder.size()];
    int count = 0;
    for (int i = 0; i < inserted.length; i++) {
      if (inserted[i]) {
        added[count++] = inOrder.get(i);
      }
    }
    Arrays.sort(added, 0, count);
    for (int i = 0; i < count; i++) {
      noteAdded(added[i]);
    }
    transaction.countEndpoints(count);
  }

  /** Seals it again where the active key is another than it was. */
  private SealedCredential sealed(ImportRow row) throws SQLException {
    Optional<SealedCredential> before = row.sealedBy(transaction.activeKey());
    if (before.isPresent()) {
      return before.get();
    }
    DeviceCredential credential = row.credential();
    return keys.seal(
        transaction,
        credential.endpoint(),
        credential.pskIdentity(),
        Role.CURRENT,
        credential.psk());
  }

  private void noteAdded(int index) {
    ImportRow row = batch.rows().get(index);
    DeviceCredential credential = row.credential();
    transaction.log(
        Action.ADDED,
        credential.endpoint(),
        Optional.of(credential.pskIdentity()),
        row.checkValue(),
        "");
    outcomes[index] = ImportedRow.of(number(index), credential, PutOutcome.ADDED);
  }

  /** Puts in, one after the other, what has no outcome yet. */
  private PutBatch putOthers() throws SQLException {
    List<DeviceCredential> others = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        others.add(batch.rows().get(i).credential());
      }
    }
    PutBatch puts = PutBatch.of(others, mode, transaction, keys);
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        outcomes[i] = put(puts, number(i), batch.rows().get(i).credential());
      }
    }
    return puts;
  }

  private static ImportedRow put(PutBatch puts, long number, DeviceCredential credential)
      throws SQLException {
    try {
      return ImportedRow.of(number, credential, puts.put(credential));
    } catch (RefusedCredentialException e) {
      return ImportedRow.of(number, credential, e);
    }
  }
}
