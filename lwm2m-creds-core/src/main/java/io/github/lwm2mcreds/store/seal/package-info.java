// SPDX-License-Identifier: Apache-2.0
/**
 * Who may open keys: a store's PSKs are encrypted by its sealing keys, which are wrapped by a key
 * that is kept elsewhere, in a file, a passphrase or a key store. Callers begin with {@link
 * io.github.lwm2mcreds.store.seal.KeyWrappers}, engines with {@link
 * io.github.lwm2mcreds.store.seal.KeyRing}. Uses the root package, {@code store} and {@code
 * store.internal}.
 */
package io.github.lwm2mcreds.store.seal;
