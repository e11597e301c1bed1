package io.github.lwm2mcreds;

/** A PSK identity that is to be given to an endpoint belongs to another one. */
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
   * Gives the identity.
   *
   * @return the identity that two endpoints would share
   */
  public PskIdentity pskIdentity() {
    return pskIdentity;
  }
}
