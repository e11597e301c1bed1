// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What tests compare. */
final class Entries {
  private Entries() {}

  /** A strong key, which depends on a seed. */
  static byte[] key(int seed) {
    byte[] key = new byte[16];
    new Random(seed).nextBytes(key);
    return key;
  }

  static DeviceCredential credential(String endpoint, String identity, int seed) {
    return DeviceCredential.of(endpoint, PskIdentity.of(identity), PreSharedKey.copyOf(key(seed)));
  }

  /** Reads a source to its end, and closes it. */
  static List<SourceEntry> all(CredentialSource source) throws IOException {
    try (source) {
      List<SourceEntry> all = new ArrayList<>();
      for (Optional<SourceEntry> next = source.next(); next.isPresent(); next = source.next()) {
        all.add(next.get());
      }
      return all;
    }
  }

  static List<DeviceCredential> credentials(List<SourceEntry> entries) {
    return entries.stream()
        .filter(FoundCredential.class::isInstance)
        .map(entry -> ((FoundCredential) entry).credential())
        .toList();
  }

  /** What was not taken, as endpoint and reason. */
  static List<String> notTaken(List<SourceEntry> entries) {
    return entries.stream()
        .filter(NotTaken.class::isInstance)
        .map(NotTaken.class::cast)
        .map(entry -> entry.endpoint().orElse("-") + " " + entry.reason())
        .toList();
  }
}
