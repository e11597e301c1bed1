// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialSummary;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Devices that exist already, wherever they are known: in a store, on a server or in a manifest.
 * They are read as a stream, so that there may be any number of them.
 */
@FunctionalInterface
public interface Fleet {
  /** Receives the devices one after the other. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Receives a device.
     *
     * @param device valid until this method returns
     * @throws IOException if what the visitor does fails
     */
    void visit(FleetDevice device) throws IOException;
  }

  /** Opens a manifest. */
  @FunctionalInterface
  interface ManifestSource {
    /**
     * Opens the manifest at its beginning.
     *
     * @return a reader, which the fleet closes
     * @throws IOException if it cannot be opened
     */
    ManifestReader open() throws IOException;
  }

  /**
   * Visits all devices, in any order.
   *
   * @param visitor called for each device
   * @throws IOException if they cannot be read, or the visitor fails
   */
  void forEach(Visitor visitor) throws IOException;

  /**
   * Returns the devices of a store. A key is opened only if a visitor asks for it.
   *
   * @param store stays the caller's
   * @return the fleet
   */
  static Fleet of(CredentialStore store) {
    return visitor -> {
      try (Stream<CredentialSummary> all = store.stream()) {
        Iterator<CredentialSummary> each = all.iterator();
        while (each.hasNext()) {
          CredentialSummary next = each.next();
          visitor.visit(
              new FleetDevice(
                  next.endpoint(),
                  Optional.of(next.pskIdentity()),
                  next.checkValue(),
                  () -> store.findByEndpoint(next.endpoint())));
        }
      }
    };
  }

  /**
   * Returns the devices of a store and the endpoints that are not to be given again, those of
   * revoked devices among them.
   *
   * @param store stays the caller's
   * @return the fleet
   */
  static Fleet takenIn(CredentialStore store) {
    return visitor -> {
      of(store).forEach(visitor);
      try (Stream<String> all = store.takenEndpoints()) {
        Iterator<String> each = all.iterator();
        while (each.hasNext()) {
          visitor.visit(
              new FleetDevice(
                  each.next(), Optional.<PskIdentity>empty(), Optional.empty(), Optional::empty));
        }
      }
    };
  }

  /**
   * Returns the devices of a manifest.
   *
   * @param source opens it; called once for each {@link #forEach}
   * @return the fleet; visiting it fails if a row is bad or the lot is not complete, once all good
   *     rows have been visited
   */
  static Fleet of(ManifestSource source) {
    return new ManifestFleet(source);
  }
}
