// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestRow;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Devices whose endpoints come from a template. */
final class CountedDevices implements Devices {
  private static final String UUID_TEMPLATE = "urn:uuid:";

  private final String template;
  private final long first;
  private final long count;

  /**
   * Describes the devices.
   *
   * @throws IllegalArgumentException if the template is not valid, or has too few numbers
   */
  CountedDevices(String template, long first, long count) {
    this.template = template;
    this.first = first;
    this.count = count;
    if (count < 1) {
      throw new IllegalArgumentException("a run makes at least one device, not " + count);
    }
    if (!template.equals(UUID_TEMPLATE)) {
      CredentialGenerator.counting(template, Math.addExact(first, count - 1));
      CredentialGenerator.counting(template, first);
    }
  }

  private Supplier<String> endpoints(LotKeys keys) {
    return template.equals(UUID_TEMPLATE)
        ? () -> UUID_TEMPLATE + keys.nextUuid()
        : CredentialGenerator.counting(template, first)::nextEndpoint;
  }

  @Override
  public void check(DeviceChecks checks) throws IOException {
    String last =
        template.equals(UUID_TEMPLATE)
            ? endpoints(new LotKeys(new byte[LotKeys.SEED_LENGTH])).get()
            : CredentialGenerator.counting(template, first + count - 1).nextEndpoint();
    checks.suitable(0, last, PskIdentity.of(last), Optional.empty());
    if (checks.comparesOthers() && !template.equals(UUID_TEMPLATE)) {
      CredentialGenerator all = CredentialGenerator.counting(template, first);
      for (long i = 0; i < count; i++) {
        checks.endpoint(0, all.nextEndpoint());
      }
      checks.compare();
    }
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public List<String> columns() {
    return List.of();
  }

  @Override
  public String settings() {
    return count + " devices '" + template + "' from " + first;
  }

  @Override
  public void forEach(LotKeys keys, Step step) throws IOException {
    Supplier<String> endpoints = endpoints(keys);
    for (long i = 0; i < count; i++) {
      ManifestRow row = ManifestRow.of(DeviceCredential.of(endpoints.get(), keys.nextKey()));
      try {
        step.take(row);
      } finally {
        row.destroy();
      }
    }
  }
}
