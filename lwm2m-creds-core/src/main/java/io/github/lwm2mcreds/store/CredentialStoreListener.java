// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

/** Is called for credentials that are no longer good, so that their sessions can be ended. */
@FunctionalInterface
public interface CredentialStoreListener {
  /**
   * Called after a credential was replaced, removed or revoked, and after an endpoint without a
   * credential was revoked: its PSK identity is then taken to be its name. An exception reaches the
   * caller that made the change; the change stays, and all other listeners are called.
   *
   * @param retired what is no longer good
   */
  void credentialRetired(RetiredCredential retired);

  /**
   * Called when the store may have changed in ways for which {@link #credentialRetired} was not
   * called, for example because an older state of its database was restored, or an endpoint was
   * revoked that has no credential and whose name is too long for a PSK identity. What was made
   * from a credential is then to be compared with the store.
   */
  default void changesMissed() {}
}
