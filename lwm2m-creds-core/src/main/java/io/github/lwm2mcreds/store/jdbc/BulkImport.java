// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.ImportCounts;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportedRow;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Imports any number of credentials, a batch in a transaction. While one batch is written, the next
 * is read, on the caller's thread, and prepared, on all processors. At most two batches are in
 * memory.
 */
final class BulkImport {
  /** Writes a batch, on another thread than the caller's. */
  interface Writer {
    Written write(ImportBatch batch);
  }

  /**
   * What became of a batch.
   *
   * @param rows in order
   * @param announce tells listeners
   */
  record Written(List<ImportedRow> rows, Runnable announce) {}

  /** As many as a fifth of a second or so takes: others wait for the lock that long. */
  static final int BATCH = 10_000;

  private record UnderWay(ImportBatch batch, CompletableFuture<Written> written) {}

  private final KeyPolicy keyPolicy;
  private final KeyRing ring;
  private final ImportOptions options;
  private final Writer writer;
  private UnderWay underWay;
  private ImportCounts counts = ImportCounts.NONE;

  BulkImport(KeyPolicy keyPolicy, KeyRing ring, ImportOptions options, Writer writer) {
    this.keyPolicy = keyPolicy;
    this.ring = ring;
    this.options = options;
    this.writer = writer;
  }

  ImportCounts run(Iterator<DeviceCredential> credentials) {
    ExecutorService workers = workers();
    try {
      long first = 1;
      ImportBatch batch = read(credentials, first, workers);
      while (!batch.isEmpty()) {
        batch.prepare(workers, keyPolicy, ring);
        first += batch.rows().size();
        advance(batch, workers);
        batch = read(credentials, first, workers);
      }
      advance(null, workers);
      return counts;
    } finally {
      end();
      workers.shutdown();
    }
  }

  /** Reports the batch under way, which is stored even if no other one follows. */
  private ImportBatch read(
      Iterator<DeviceCredential> credentials, long first, ExecutorService workers) {
    try {
      return ImportBatch.read(credentials, first, BATCH);
    } catch (RuntimeException e) {
      try {
        advance(null, workers);
      } catch (RuntimeException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
  }

  /** One more than there are processors: whoever writes waits for the database now and then. */
  private static ExecutorService workers() {
    return Executors.newFixedThreadPool(
        Runtime.getRuntime().availableProcessors() + 1,
        work -> {
          Thread thread = new Thread(work, "lwm2m-creds-import");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Waits for the batch under way, begins the next if there is one, and then tells of the first.
   */
  private void advance(ImportBatch next, ExecutorService workers) {
    UnderWay before = underWay;
    Written written;
    try {
      written = before == null ? null : result(before);
    } catch (RuntimeException | Error e) {
      if (next != null) {
        next.abandon();
      }
      throw e;
    }
    underWay =
        next == null
            ? null
            : new UnderWay(next, CompletableFuture.supplyAsync(() -> writer.write(next), workers));
    if (written != null) {
      tell(written);
    }
  }

  private static Written result(UnderWay batch) {
    try {
      return batch.written.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    } finally {
      batch.batch.destroyKeys();
    }
  }

  private void tell(Written written) {
    counts = counts.plus(written.rows);
    written.announce.run();
    written.rows.forEach(options.rows());
    options.progress().accept(counts);
  }

  /** Leaves nothing under way when something was thrown. */
  private void end() {
    if (underWay != null) {
      underWay.written.exceptionally(failure -> null).join();
      underWay.batch.destroyKeys();
    }
  }
}
