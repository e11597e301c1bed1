// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.util.Optional;

/** Keeps account of a lot while its rows are read. */
final class LotWatch {
  private final LotDigest digest = new LotDigest();
  private final boolean announced;
  private Optional<String> number; // null until the first row
  private Optional<Lot> stated = Optional.empty();

  /**
   * Begins an account.
   *
   * @param announced whether the header says that there is a lot
   */
  LotWatch(boolean announced) {
    this.announced = announced;
  }

  /** Checks that the row in a draft belongs to the lot of the rows before it. */
  void check(RowDraft draft) throws BadRow {
    Optional<String> given = draft.lotNumber();
    if (stated.isPresent()) {
      throw new BadRow(Reason.OTHER_LOT, "the row follows the end of lot " + stated.get().number());
    }
    if (given.isPresent() && !Lot.isNumber(given.get())) {
      throw otherLot("'" + Printable.escape(given.get()) + "' is not the number of a lot");
    }
    if (number == null) {
      number = given;
    } else if (!number.equals(given)) {
      throw otherLot(
          "the row belongs to "
              + given.map(lot -> "lot " + lot).orElse("no lot")
              + ", the first row to "
              + number.map(lot -> "lot " + lot).orElse("none"));
    }
  }

  private static BadRow otherLot(String message) {
    return new BadRow(ManifestColumn.LOT.title(), Reason.OTHER_LOT, message);
  }

  void add(ManifestRow row) {
    digest.add(row);
  }

  void end(Lot lot) {
    stated = Optional.of(lot);
  }

  /** Returns the number in the rows so far. */
  Optional<String> number() {
    return number == null ? Optional.empty() : number;
  }

  Optional<Lot> stated() {
    return stated;
  }

  Optional<Lot> found() {
    return number().map(digest::lot);
  }

  LotCheck result() {
    if (stated.isEmpty()) {
      return announced || found().isPresent() ? LotCheck.END_MISSING : LotCheck.NO_LOT;
    }
    if (stated.get().count() != digest.count()) {
      return LotCheck.COUNT_DIFFERS;
    }
    return found().equals(stated) ? LotCheck.MATCHES : LotCheck.DIGEST_DIFFERS;
  }
}
