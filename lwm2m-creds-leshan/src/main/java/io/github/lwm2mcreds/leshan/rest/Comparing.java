// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.EntryComparison.Outcome;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares credentials with a server's entries as they arrive, and keeps none of the entries. */
final class Comparing {
  private final Map<String, DeviceCredential> byEndpoint = new LinkedHashMap<>();
  private final Map<PskIdentity, String> endpointOf = new HashMap<>();
  private final Map<String, EntryComparison> known = new HashMap<>();
  private final Map<String, String> identityOwners = new HashMap<>();

  Comparing(Collection<DeviceCredential> credentials) {
    for (DeviceCredential credential : credentials) {
      if (byEndpoint.put(credential.endpoint(), credential) != null) {
        throw new IllegalArgumentException(
            "there are two credentials for the endpoint '"
                + Printable.escape(credential.endpoint())
                + "'; give one");
      }
      if (endpointOf.put(credential.pskIdentity(), credential.endpoint()) != null) {
        throw new IllegalArgumentException(
            "there are two credentials with the PSK identity '"
                + credential.pskIdentity()
                + "'; an identity belongs to one endpoint");
      }
    }
  }

  /** Compares with an entry, and destroys it. */
  void with(SecurityEntry entry) {
    DeviceCredential credential = byEndpoint.get(entry.endpoint());
    if (credential != null) {
      known.put(entry.endpoint(), compare(credential, entry));
    }
    entry
        .pskIdentity()
        .map(endpointOf::get)
        .filter(endpoint -> !endpoint.equals(entry.endpoint()))
        .ifPresent(endpoint -> identityOwners.put(endpoint, entry.endpoint()));
    entry.destroy();
  }

  private static EntryComparison compare(DeviceCredential credential, SecurityEntry entry) {
    return new EntryComparison(
        entry.endpoint(),
        outcome(credential, entry),
        Optional.of(entry.mode()),
        entry.pskIdentity(),
        entry.checkValue(),
        Optional.empty());
  }

  private static Outcome outcome(DeviceCredential credential, SecurityEntry entry) {
    if (entry.mode() != Mode.PSK) {
      return Outcome.OTHER_MODE;
    }
    if (!entry.pskIdentity().equals(Optional.of(credential.pskIdentity()))) {
      return Outcome.OTHER_IDENTITY;
    }
    return entry.hasKey(credential.psk()) ? Outcome.SAME : Outcome.OTHER_KEY;
  }

  /** Returns a comparison for each credential with a server that shows nothing. */
  List<EntryComparison> notShown() {
    return byEndpoint.keySet().stream()
        .map(
            endpoint ->
                new EntryComparison(
                    endpoint,
                    Outcome.NOT_SHOWN,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
        .toList();
  }

  /** Returns a comparison for each credential, once all entries have been there. */
  List<EntryComparison> results() {
    return byEndpoint.keySet().stream().map(this::result).toList();
  }

  private EntryComparison result(String endpoint) {
    Optional<EntryComparison> found = Optional.ofNullable(known.get(endpoint));
    Optional<String> owner = Optional.ofNullable(identityOwners.get(endpoint));
    return new EntryComparison(
        endpoint,
        owner.isPresent()
            ? Outcome.IDENTITY_IN_USE
            : found.map(EntryComparison::outcome).orElse(Outcome.NEW),
        found.flatMap(EntryComparison::mode),
        found.flatMap(EntryComparison::pskIdentity),
        found.flatMap(EntryComparison::checkValue),
        owner);
  }
}
