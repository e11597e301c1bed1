// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

/**
 * A credential was refused, and nothing has changed. The subclasses tell the reason: it is outside
 * the limits, its key is weak, or it conflicts with what a store holds.
 */
public abstract sealed class RefusedCredentialException extends IllegalArgumentException
    permits InvalidCredentialException,
        WeakKeyException,
        DuplicatePskIdentityException,
        EndpointInUseException,
        RevokedCredentialException {
  private static final long serialVersionUID = 1L;

  RefusedCredentialException(String message) {
    super(message);
  }
}
