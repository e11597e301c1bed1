// SPDX-License-Identifier: Apache-2.0
/**
 * Derives pre-shared keys from a group key, so that servers need not store a key for each device.
 *
 * <p>Begin with {@link io.github.lwm2mcreds.derive.DeviceGroup}, and with {@link
 * io.github.lwm2mcreds.derive.DerivedCredentialStore} for the store over it. {@link
 * io.github.lwm2mcreds.derive.KeyDerivation} defines how keys are derived. This package may use the
 * root package, {@code store} and {@code store.internal}.
 */
package io.github.lwm2mcreds.derive;
