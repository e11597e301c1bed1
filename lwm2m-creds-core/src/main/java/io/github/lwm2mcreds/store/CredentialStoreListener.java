package io.github.lwm2mcreds.store;

/**
 * Learns of credentials that are no longer good, so that the sessions made with them can be ended.
 */
@FunctionalInterface
public interface CredentialStoreListener {
  /**
   * Called after a credential was replaced or removed.
   *
   * @param retired what is no longer good
   */
  void credentialRetired(RetiredCredential retired);
}
