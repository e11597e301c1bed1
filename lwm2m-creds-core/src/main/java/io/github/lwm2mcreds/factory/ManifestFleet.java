// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** The devices of a manifest. What is wrong with it is said once its good rows were visited. */
final class ManifestFleet implements Fleet {
  private final ManifestSource source;

  ManifestFleet(ManifestSource source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    try (ManifestReader reader = source.open()) {
      ManifestProblem bad = null;
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (next.get() instanceof ManifestRow row) {
          visit(row, visitor);
        } else if (bad == null) {
          bad = (ManifestProblem) next.get();
        }
      }
      if (bad != null) {
        throw badManifest("line " + bad.line() + " of the manifest: " + bad.message());
      }
      Optional<String> problem = reader.summary().lotProblem();
      if (problem.isPresent()) {
        throw badManifest("the manifest is not a whole lot: " + problem.get());
      }
    }
  }

  private static void visit(ManifestRow row, Visitor visitor) throws IOException {
    try {
      if (row.credential().isPresent()) {
        visitor.visit(FleetDevice.of(row.credential().get()));
      }
    } finally {
      row.destroy();
    }
  }

  private static FactoryException badManifest(String message) {
    return new FactoryException(FactoryException.Reason.BAD_MANIFEST, message);
  }
}
