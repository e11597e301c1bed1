// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Some of the credentials of an import, which go into the database in one transaction. */
final class ImportBatch {
  private static final int SHARE = 500;

  private final long first;
  private final List<ImportRow> rows = new ArrayList<>();
  private CompletableFuture<Void> prepared;

  private ImportBatch(long first) {
    this.first = first;
  }

  /** Reads up to a number of credentials; none of them stays if that fails half way. */
  static ImportBatch read(Iterator<DeviceCredential> credentials, long first, int size) {
    ImportBatch batch = new ImportBatch(first);
    try {
      while (batch.rows.size() < size && credentials.hasNext()) {
        batch.rows.add(new ImportRow(credentials.next()));
      }
    } catch (RuntimeException | Error e) {
      batch.destroyKeys();
      throw e;
    }
    return batch;
  }

  /** Begins to prepare the rows, by shares. */
  void prepare(Executor workers, KeyPolicy keyPolicy, KeyRing ring) {
    List<CompletableFuture<Void>> shares = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += SHARE) {
      List<ImportRow> share = rows.subList(from, Math.min(from + SHARE, rows.size()));
      shares.add(
          CompletableFuture.runAsync(
              () -> share.forEach(row -> row.prepare(keyPolicy, ring)), workers));
    }
    prepared = CompletableFuture.allOf(shares.toArray(CompletableFuture[]::new));
  }

  /** Waits until all rows are prepared. */
  void awaitPrepared() {
    prepared.join();
  }

  /** The place of the first one in the import, from 1. */
  long first() {
    return first;
  }

  List<ImportRow> rows() {
    return rows;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Ends it without effect. */
  void abandon() {
    prepared.exceptionally(failure -> null).join();
    destroyKeys();
  }

  void destroyKeys() {
    rows.forEach(row -> row.credential().destroy());
  }
}
