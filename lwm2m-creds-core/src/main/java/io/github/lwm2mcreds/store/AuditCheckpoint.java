// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import java.time.Instant;

/**
 * Where a store's history stood at one time. Kept elsewhere and compared later, it shows whether
 * changes up to it were taken out of the store or replaced, which the store alone cannot show.
 *
 * @param number of the last change; 0 if there was none
 * @param hash of the history up to that change
 * @param time when the checkpoint was made
 */
public record AuditCheckpoint(long number, HistoryHash hash, Instant time) {}
