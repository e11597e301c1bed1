// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

/** A credential was not added because its endpoint already has another one. */
public final class EndpointInUseException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** The endpoint whose credential was refused. */
  private final String endpoint;

  /**
   * Creates the exception.
   *
   * @param endpoint the endpoint that has another credential
   */
  public EndpointInUseException(String endpoint) {
    super(
        "the endpoint '"
            + Printable.escape(endpoint)
            + "' already has another credential; replace it to use this one");
    this.endpoint = endpoint;
  }

  /**
   * Returns the endpoint whose credential was refused.
   *
   * @return the endpoint
   */
  public String endpoint() {
    return endpoint;
  }
}
