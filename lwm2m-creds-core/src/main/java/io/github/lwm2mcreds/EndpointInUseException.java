package io.github.lwm2mcreds;

/** A credential is to be added to an endpoint that has another one. */
public final class EndpointInUseException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** Whose credential was refused. */
  private final String endpoint;

  /**
   * Creates the exception.
   *
   * @param endpoint the endpoint that has a credential
   */
  public EndpointInUseException(String endpoint) {
    super("'" + Printable.escape(endpoint) + "' has another credential, which is to be replaced");
    this.endpoint = endpoint;
  }

  /**
   * Says whose credential was refused.
   *
   * @return the endpoint
   */
  public String endpoint() {
    return endpoint;
  }
}
