// SPDX-License-Identifier: Apache-2.0
/**
 * A store held in memory, for the handshakes of a server. Begin with {@link
 * io.github.lwm2mcreds.store.mirror.MirroredCredentialStore}; it follows any {@link
 * io.github.lwm2mcreds.store.StoreEngine} and knows no database. Uses the root package, {@code
 * store} and {@code store.internal}.
 */
package io.github.lwm2mcreds.store.mirror;
