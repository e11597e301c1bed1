package io.github.lwm2mcreds.store;

/**
 * Learns of credentials that are no longer good, so that the sessions made with them can be ended.
 */
@FunctionalInterface
public interface CredentialStoreListener {
  /**
   * Called after a credential was replaced or removed. What it throws goes to whoever made the
   * change, which is made all the same, and keeps no other listener from being told.
   *
   * @param retired what is no longer good
   */
  void credentialRetired(RetiredCredential retired);
}
