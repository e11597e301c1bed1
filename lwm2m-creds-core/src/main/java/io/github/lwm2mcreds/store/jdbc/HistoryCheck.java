// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Follows a store's history from its beginning, and compares it with an earlier checkpoint. */
final class HistoryCheck {
  private final Database database;

  HistoryCheck(Database database) {
    this.database = database;
  }

  /** Returns how far the history is unbroken: where it ends, or the last entry before a break. */
  Position walk(Consumer<StoreFinding> findings, LongConsumer progress) {
    Ends ends = ends();
    Position at = ends.first;
    while (at.number() < ends.last.number()) {
      Page page = page(at, ends.last, Pages.SIZE);
      at = page.end;
      if (page.breach.isPresent()) {
        findings.accept(new StoreFinding("", page.breach.get()));
        return at;
      }
      progress.accept(at.number());
    }
    if (!at.equals(ends.last) || ends.lastNumber > at.number()) {
      findings.accept(
          new StoreFinding(
              "",
              "the history is broken: the store's state says that it ends with another entry "
                  + at.number()
                  + ", and the log goes to "
                  + ends.lastNumber));
    }
    return at;
  }

  /** Where the history begins and ends, and the last number of the log, at one moment. */
  private record Ends(Position first, Position last, long lastNumber) {}

  private Ends ends() {
    return database.snapshot(
        session -> {
          StateTable state = new StateTable(session);
          return new Ends(state.beginning(), state.end(), new AuditTable(session).last());
        });
  }

  /** How far the history goes on within a page, and why no further. */
  private record Page(Position end, Optional<String> breach) {}

  /** Others may go on changing the store, so what is behind the end is left out. */
  private Page page(Position after, Position end, int size) {
    Position at = after;
    try {
      List<AuditEntry> entries =
          database.read(session -> new AuditTable(session).after(after.number(), size));
      for (AuditEntry entry : entries) {
        if (at.number() == end.number()) {
          break;
        }
        Optional<String> breach = breach(at, entry);
        if (breach.isPresent()) {
          return new Page(at, breach);
        }
        at = new Position(entry.number(), entry.hash());
      }
    } catch (CredentialStoreException e) {
      return unreadable(after, end, size, e);
    }
    return at.equals(after)
        ? new Page(at, Optional.of("the history is broken: there is no entry after " + at.number()))
        : new Page(at, Optional.empty());
  }

  /** Goes to the entry that cannot be read, one at a time. */
  private Page unreadable(Position after, Position end, int size, CredentialStoreException e) {
    if (e.reason() != Reason.CORRUPT) {
      throw e;
    }
    if (size > 1) {
      return page(after, end, 1);
    }
    return new Page(
        after,
        Optional.of(
            "the history is broken behind entry " + after.number() + ": " + e.getMessage()));
  }

  private static Optional<String> breach(Position at, AuditEntry next) {
    if (next.number() != at.number() + 1) {
      return Optional.of(
          "the history is broken: entry " + next.number() + " comes after entry " + at.number());
    }
    return next.follows(at.hash())
        ? Optional.empty()
        : Optional.of(
            "the history is broken at entry "
                + next.number()
                + ": it, or one before it, was changed");
  }

  AuditCheckpoint checkpoint(Clock clock) {
    Position end = database.read(session -> new StateTable(session).end());
    return new AuditCheckpoint(end.number(), end.hash(), clock.instant());
  }

  Optional<StoreFinding> compare(AuditCheckpoint checkpoint) {
    Position end = database.read(session -> new StateTable(session).end());
    if (end.number() < checkpoint.number()) {
      return Optional.of(
          new StoreFinding(
              "",
              "the history ends at entry "
                  + end.number()
                  + ", and had entry "
                  + checkpoint.number()
                  + " at "
                  + checkpoint.time()
                  + ": later entries were cut off"));
    }
    return hasPassed(checkpoint)
        ? Optional.empty()
        : Optional.of(
            new StoreFinding(
                "",
                "the history has another entry "
                    + checkpoint.number()
                    + " than at "
                    + checkpoint.time()
                    + ": an older state was restored, or the history was changed"));
  }

  private boolean hasPassed(AuditCheckpoint checkpoint) {
    if (checkpoint.number() == 0) {
      return database
          .read(session -> new StateTable(session).beginning())
          .hash()
          .equals(checkpoint.hash());
    }
    return database
        .read(session -> new AuditTable(session).after(checkpoint.number() - 1, 1))
        .stream()
        .anyMatch(
            entry ->
                entry.number() == checkpoint.number() && entry.hash().equals(checkpoint.hash()));
  }
}
