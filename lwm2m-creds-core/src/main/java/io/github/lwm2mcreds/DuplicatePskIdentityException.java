// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

/** A credential was refused because its PSK identity belongs to another endpoint. */
public final class DuplicatePskIdentityException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  private final transient PskIdentity pskIdentity;

  /**
   * Creates the exception.
   *
   * @param pskIdentity the identity that two endpoints would share
   */
  public DuplicatePskIdentityException(PskIdentity pskIdentity) {
    super("PSK identity '" + pskIdentity + "' is already used by another endpoint");
    this.pskIdentity = pskIdentity;
  }

  /**
   * Returns the identity.
   *
   * @return the identity that two endpoints would share
   */
  public PskIdentity pskIdentity() {
    return pskIdentity;
  }
}
