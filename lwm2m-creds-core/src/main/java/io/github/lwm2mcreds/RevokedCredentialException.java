// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

/** A credential was refused because its endpoint or PSK identity was revoked. */
public final class RevokedCredentialException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** The endpoint whose credential was refused. */
  private final String endpoint;

  /** Why it was refused; not serialised. */
  private final transient Revocation revocation;

  /**
   * Creates the exception.
   *
   * @param endpoint the endpoint whose credential was refused
   * @param revocation the revocation of its endpoint or PSK identity
   */
  public RevokedCredentialException(String endpoint, Revocation revocation) {
    super(
        "the "
            + (revocation.pskIdentity().isPresent()
                ? "PSK identity '" + revocation.pskIdentity().get() + "'"
                : "endpoint '" + Printable.escape(revocation.endpoint()) + "'")
            + " was revoked on "
            + revocation.time()
            + (revocation.reason().isEmpty()
                ? ""
                : " (" + Printable.escape(revocation.reason()) + ")")
            + "; reinstate it to accept it again");
    this.endpoint = endpoint;
    this.revocation = revocation;
  }

  /**
   * Returns the endpoint whose credential was refused.
   *
   * @return the endpoint
   */
  public String endpoint() {
    return endpoint;
  }

  /**
   * Returns the revocation of the credential's endpoint or PSK identity.
   *
   * @return the revocation; null in a deserialised exception
   */
  public Revocation revocation() {
    return revocation;
  }
}
