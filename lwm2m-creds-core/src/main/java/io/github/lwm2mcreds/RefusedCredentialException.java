package io.github.lwm2mcreds;

/**
 * A credential is refused, and nothing has changed. The subclasses say why: it is outside the
 * limits, its key is weak, or what a store holds stands against it.
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
