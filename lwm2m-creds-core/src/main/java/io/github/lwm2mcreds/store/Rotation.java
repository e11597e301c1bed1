// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PskIdentity;
import java.time.Instant;

/**
 * An endpoint's change to its next credential; both are good until it ends.
 *
 * @param endpoint the endpoint
 * @param current the PSK identity of its current credential
 * @param next the PSK identity of its next credential
 * @param deadline when the current one is revoked, even if the device never used the next
 */
public record Rotation(String endpoint, PskIdentity current, PskIdentity next, Instant deadline) {}
