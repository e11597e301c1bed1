// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.store.ImportedRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The credentials of a source as a store reads them, and a line for each row of the source, in its
 * order, once the store has said what became of it. What it keeps does not grow with the source.
 */
final class ImportFeed implements Iterator<DeviceCredential>, AutoCloseable {
  /** More than a store has under way; behind as many lines, one more is told out of turn. */
  private static final int MAX_WAITING = 50_000;

  private final ImportSource source;
  private final ImportKeys keys;
  private final Consumer<ImportLine> lines;
  private final Runnable progress;
  private final Deque<ImportLine> waiting = new ArrayDeque<>();
  private DeviceCredential next; // null if it is not known yet
  private boolean ended;

  /**
   * Prepares to read.
   *
   * @param keys compares each credential with those before it, of other sources too
   * @param lines told of each row
   * @param progress told after each row
   */
  ImportFeed(ImportSource source, ImportKeys keys, Consumer<ImportLine> lines, Runnable progress) {
    this.source = source;
    this.keys = keys;
    this.lines = lines;
    this.progress = progress;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && !ended) {
        Optional<ImportItem> item = source.next();
        ended = item.isEmpty();
        item.ifPresent(this::take);
        progress.run();
      }
      return next != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(ImportItem item) {
    if (item instanceof ImportUnreadable row) {
      refuse(ImportLine.of(row));
      return;
    }
    ImportFound row = (ImportFound) item;
    ImportKeys.Clash clash = keys.add(source, row);
    ImportLine line =
        ImportLine.waiting(row.number(), row.credential(), warnings(row.credential(), clash));
    if (clash.otherCredential().isPresent()) {
      row.credential().destroy();
      refuse(line.with(ImportResult.AMBIGUOUS, clash.otherCredential()));
    } else {
      waiting.add(line);
      next = row.credential();
    }
  }

  /** Weak keys are refused by the store, unless it was told to take them. */
  private static List<String> warnings(DeviceCredential credential, ImportKeys.Clash clash) {
    List<String> warnings = new ArrayList<>();
    clash.sameKey().ifPresent(warnings::add);
    Set<KeyWeakness> weaknesses = KeyPolicy.weaknesses(credential.psk());
    if (!weaknesses.isEmpty()) {
      warnings.add("the key " + KeyWeakness.describe(weaknesses));
    }
    return warnings;
  }

  /** Reports a row that the store is not asked about, after the rows before it. */
  private void refuse(ImportLine line) {
    if (waiting.isEmpty() || waiting.size() >= MAX_WAITING) {
      lines.accept(line);
    } else {
      waiting.add(line);
    }
  }

  @Override
  public DeviceCredential next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    DeviceCredential credential = next;
    next = null;
    return credential;
  }

  /** Reports the next row that the store was asked about. */
  void told(ImportedRow row) {
    lines.accept(waiting.remove().with(row));
    tellRefused();
  }

  private void tellRefused() {
    while (!waiting.isEmpty() && waiting.element().result() != null) {
      lines.accept(waiting.remove());
    }
  }

  /** Destroys what was read and not handed out. */
  @Override
  public void close() throws IOException {
    if (next != null) {
      next.destroy();
    }
    source.close();
  }
}
