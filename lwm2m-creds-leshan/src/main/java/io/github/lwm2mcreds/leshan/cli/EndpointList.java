// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A list that says whose PSK identities are whose. */
final class EndpointList {
  private EndpointList() {}

  /** Reads a list; a bad row, or an identity of two endpoints, is refused. */
  static Map<PskIdentity, String> read(Path file) throws CommandException {
    Map<PskIdentity, String> endpoints = new HashMap<>();
    try (ManifestReader reader =
        ManifestReader.ofList(Files.newInputStream(file), KeyPolicy.allowingAnyKey())) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        add(file, next.get(), endpoints);
      }
      return endpoints;
    } catch (IOException e) {
      throw ManifestFailure.of(file, e);
    }
  }

  private static void add(Path file, ManifestEntry entry, Map<PskIdentity, String> endpoints)
      throws CommandException {
    String place = InputFile.name(file) + ": line " + entry.line() + ": ";
    if (entry instanceof ManifestProblem problem) {
      throw CommandException.refused(place + problem.message());
    }
    ManifestRow row = (ManifestRow) entry;
    row.destroy();
    String other = endpoints.put(row.pskIdentity(), row.endpoint());
    if (other != null && !other.equals(row.endpoint())) {
      throw CommandException.refused(
          place
              + "the identity "
              + StoreRow.quoted(row.pskIdentity())
              + " is of two endpoints, "
              + StoreRow.quoted(other)
              + " and "
              + StoreRow.quoted(row.endpoint()));
    }
  }
}
