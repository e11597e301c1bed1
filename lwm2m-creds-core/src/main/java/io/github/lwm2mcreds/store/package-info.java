// SPDX-License-Identifier: Apache-2.0
/**
 * The contract of a store of credentials, its values and exceptions, and a store in memory. Begin
 * with {@link io.github.lwm2mcreds.store.CredentialStore}; {@link
 * io.github.lwm2mcreds.store.ManagedCredentialStore} is one that many processes share, {@link
 * io.github.lwm2mcreds.store.StoreEngine} one that can be mirrored, and {@link
 * io.github.lwm2mcreds.store.PskLookup} the part that handshakes need. Uses the root package and
 * {@code store.internal}.
 */
package io.github.lwm2mcreds.store;
