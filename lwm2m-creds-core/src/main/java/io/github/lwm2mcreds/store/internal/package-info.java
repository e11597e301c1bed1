// SPDX-License-Identifier: Apache-2.0
/**
 * What the store packages and the Leshan adapter share and no caller needs: records found by
 * endpoint and identity without an object for each, listeners, private files. Begin with {@link
 * io.github.lwm2mcreds.store.internal.CompactTable}. Uses the root package only. It is exported to
 * the adapter alone, so it may change at any time.
 */
package io.github.lwm2mcreds.store.internal;
