package io.github.lwm2mcreds;

/** A credential is to be put in whose endpoint or PSK identity was revoked. */
public final class RevokedCredentialException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** Whose credential was refused. */
  private final String endpoint;

  /** What stands against it; not serialised. */
  private final transient Revocation revocation;

  /**
   * Creates the exception.
   *
   * @param endpoint whose credential is to be put in
   * @param revocation what stands against it
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
            + "; it is taken again only where that is asked for");
    this.endpoint = endpoint;
    this.revocation = revocation;
  }

  /**
   * Says whose credential was refused.
   *
   * @return the endpoint
   */
  public String endpoint() {
    return endpoint;
  }

  /**
   * Returns what stands against the credential.
   *
   * @return the revocation of its endpoint or PSK identity; null in a deserialised exception
   */
  public Revocation revocation() {
    return revocation;
  }
}
