// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.SeenKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds rows of one import that share a key, or an endpoint, wherever they are read from. */
final class ImportKeys {
  private static final int NUMBER_BITS = 40;

  private final SeenKeys seen = new SeenKeys();
  private final List<ImportSource> sources = new ArrayList<>();

  /**
   * What is wrong with a row besides those before it, for people.
   *
   * @param sameKey says who else has its key
   * @param otherCredential says who has another credential for its endpoint
   */
  record Clash(Optional<String> sameKey, Optional<String> otherCredential) {}

  Clash add(ImportSource source, ImportSource.Found row) {
    if (sources.isEmpty() || sources.get(sources.size() - 1) != source) {
      sources.add(source);
    }
    long place = (long) sources.size() - 1 << NUMBER_BITS | row.number();
    SeenKeys.Clash clash = seen.add(row.credential(), place);
    Optional<String> sameKey =
        clash.sameKey().isEmpty()
            ? Optional.empty()
            : Optional.of(
                "the key is also that of "
                    + place(clash.sameKey().getAsLong())
                    + "; each device needs a key of its own");
    Optional<String> otherCredential =
        clash.otherCredential().isEmpty()
            ? Optional.empty()
            : Optional.of(
                place(clash.otherCredential().getAsLong())
                    + " has another credential for the endpoint; find out which one the device"
                    + " has");
    return new Clash(sameKey, otherCredential);
  }

  private String place(long place) {
    ImportSource source = sources.get((int) (place >>> NUMBER_BITS));
    return source.name() + ", " + source.place(place & (1L << NUMBER_BITS) - 1);
  }
}
