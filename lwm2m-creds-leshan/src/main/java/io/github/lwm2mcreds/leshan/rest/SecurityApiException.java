// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Thrown when a call of a Leshan server's security API failed or could not be made. */
public final class SecurityApiException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /**
     * The endpoint, PSK identity or header cannot be carried by the API; nothing was sent to the
     * server.
     */
    UNSENDABLE,
    /**
     * The endpoint could be put on the server, but {@link LeshanSecurityApi#remove} could never
     * take it away again; nothing was sent to the server.
     */
    UNREMOVABLE,
    /** The PSK identity belongs to another endpoint on the server; nothing was changed. */
    IDENTITY_IN_USE,
    /** The server understood the request and refused it; nothing was changed. */
    REJECTED,
    /** No address is known for the server's host, or for a proxy's; nothing was sent. */
    UNKNOWN_HOST,
    /** No connection could be made, as to a port where nothing listens; nothing was sent. */
    UNREACHABLE,
    /** The connection broke; the server may or may not have made the change. */
    CONNECTION_LOST,
    /** There was no TLS connection to a server that is trusted, or it broke. */
    TLS_FAILED,
    /** No complete answer came in time; the server may or may not have made the change. */
    TIMEOUT,
    /** The calling thread was interrupted; the server may or may not have made the change. */
    INTERRUPTED,
    /** The server redirects; the client does not follow, since the key would go along. */
    REDIRECTED,
    /** The server, or something in front of it, does not let this client in. */
    AUTHENTICATION_REQUIRED,
    /**
     * The server lets this client add credentials, and neither list, replace nor remove any;
     * nothing was changed.
     */
    ADD_ONLY,
    /** The answer is not that of a Leshan server's security API. */
    NOT_LESHAN,
    /** The server, or something in front of it, failed. */
    SERVER_ERROR
  }

  /** What went wrong. */
  private final Reason reason;

  /** The HTTP status of the answer, or 0 if there was none. */
  private final int status;

  /** The other endpoint that has the PSK identity, or null if none is known. */
  private final String identityOwner;

  SecurityApiException(Reason reason, String message) {
    this(reason, 0, message, null, null);
  }

  SecurityApiException(Reason reason, int status, String message) {
    this(reason, status, message, null, null);
  }

  SecurityApiException(Reason reason, String message, Throwable cause) {
    this(reason, 0, message, null, cause);
  }

  private SecurityApiException(
      Reason reason, int status, String message, String identityOwner, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason);
    this.status = status;
    this.identityOwner = identityOwner;
  }

  static SecurityApiException identityInUse(int status, String message, Optional<String> owner) {
    return new SecurityApiException(
        Reason.IDENTITY_IN_USE, status, message, owner.orElse(null), null);
  }

  /**
   * Returns what went wrong, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns the HTTP status of the answer.
   *
   * @return the status, or empty if there was no answer
   */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /**
   * Returns which endpoint has the PSK identity, for {@link Reason#IDENTITY_IN_USE}.
   *
   * @return the endpoint; empty for another reason, or if the server's list did not tell
   */
  public Optional<String> identityOwner() {
    return Optional.ofNullable(identityOwner);
  }
}
