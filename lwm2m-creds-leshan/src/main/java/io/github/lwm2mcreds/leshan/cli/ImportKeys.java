// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.SeenKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds rows of one import that share a key, or an endpoint, wherever they are read from. Where
 * sources can be read twice, a {@linkplain #scan scan} before the import finds the endpoints that
 * have two credentials, so that neither is taken; elsewhere, only the second is found.
 */
final class ImportKeys {
  private static final int NUMBER_BITS = 40;

  /** The places of the first two rows that differ. */
  private record Rows(long first, long second) {}

  private final List<ImportSource> sources = new ArrayList<>();
  private final Map<String, Rows> ambiguous = new HashMap<>();
  private SeenKeys seen = new SeenKeys();
  private int current; // the index of the source that is read

  /**
   * What is wrong with a row besides others, for people.
   *
   * @param sameKey says who else has its key
   * @param otherCredential says which rows have different credentials for its endpoint
   */
  record Clash(Optional<String> sameKey, Optional<String> otherCredential) {}

  /** Looks at a row that will be added later. */
  void scan(ImportSource source, ImportFound row) {
    long place = place(source, row);
    seen.add(row.credential(), place)
        .otherCredential()
        .ifPresent(
            first -> ambiguous.putIfAbsent(row.credential().endpoint(), new Rows(first, place)));
  }

  /** Forgets what was scanned, except what it has found. */
  void endScan() {
    seen = new SeenKeys();
  }

  /** Compares a row with those that were added before, and with those that were scanned. */
  Clash add(ImportSource source, ImportFound row) {
    long place = place(source, row);
    SeenKeys.Clash clash = seen.add(row.credential(), place);
    Rows rows = ambiguous.get(row.credential().endpoint());
    if (rows == null && clash.otherCredential().isPresent()) {
      rows = new Rows(clash.otherCredential().getAsLong(), place);
    }
    return new Clash(
        clash.sameKey().isPresent()
            ? Optional.of(
                "the key is also that of "
                    + text(clash.sameKey().getAsLong())
                    + "; each device needs a key of its own")
            : Optional.empty(),
        Optional.ofNullable(rows)
            .map(
                both ->
                    "the endpoint has different credentials in "
                        + text(both.first)
                        + " and "
                        + text(both.second)
                        + "; find out which one the device has"));
  }

  private long place(ImportSource source, ImportFound row) {
    if (sources.isEmpty() || sources.get(current) != source) { // they come one after the other
      current = sources.indexOf(source);
      if (current < 0) {
        current = sources.size();
        sources.add(source);
      }
    }
    return (long) current << NUMBER_BITS | row.number();
  }

  private String text(long place) {
    ImportSource source = sources.get((int) (place >>> NUMBER_BITS));
    return source.name() + ", " + source.place(place & (1L << NUMBER_BITS) - 1);
  }
}
