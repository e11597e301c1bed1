// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A device that a store, a server or a manifest knows.
 *
 * @param endpoint its endpoint
 * @param pskIdentity its PSK identity; empty if it has none, such as a revoked device
 * @param checkValue its key's check value; empty if there is no key or it cannot be opened
 * @param opening opens its credential, which the caller destroys; called only where the check value
 *     does not settle the question
 */
public record FleetDevice(
    String endpoint,
    Optional<PskIdentity> pskIdentity,
    Optional<KeyCheckValue> checkValue,
    Supplier<Optional<DeviceCredential>> opening) {
  /**
   * Checks that nothing is null.
   *
   * @param endpoint its endpoint
   * @param pskIdentity its PSK identity
   * @param checkValue its key's check value
   * @param opening opens its credential
   */
  public FleetDevice {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(pskIdentity, "pskIdentity");
    Objects.requireNonNull(checkValue, "checkValue");
    Objects.requireNonNull(opening, "opening");
  }

  /**
   * Returns the device of a credential that is at hand.
   *
   * @param credential stays the caller's, who may destroy it when the visitor has returned
   * @return the device
   */
  public static FleetDevice of(DeviceCredential credential) {
    return new FleetDevice(
        credential.endpoint(),
        Optional.of(credential.pskIdentity()),
        Optional.of(credential.psk().checkValue()),
        () ->
            Optional.of(
                DeviceCredential.of(
                    credential.endpoint(),
                    credential.pskIdentity(),
                    SecretBytes.useAndWipe(credential.psk().exposeBytes(), PreSharedKey::copyOf))));
  }
}
