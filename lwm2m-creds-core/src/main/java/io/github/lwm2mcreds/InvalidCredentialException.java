// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Objects;

/** An endpoint, PSK identity or pre-shared key is outside the limits of LwM2M, TLS or a device. */
public final class InvalidCredentialException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** The reason for the refusal. */
  public enum Reason {
    /** The endpoint is empty. */
    ENDPOINT_EMPTY,
    /** The endpoint has more bytes than CoAP or the device allows. */
    ENDPOINT_TOO_LONG,
    /** The endpoint contains a control character or is not well-formed Unicode. */
    ENDPOINT_NOT_TEXT,
    /** The endpoint contains a character that the device cannot store. */
    ENDPOINT_NOT_ASCII,
    /** The PSK identity is empty. */
    IDENTITY_EMPTY,
    /** The PSK identity has more bytes than RFC 4279 or the device allows. */
    IDENTITY_TOO_LONG,
    /** The PSK identity contains a surrogate that represents no byte. */
    IDENTITY_NOT_TEXT,
    /** The PSK identity is not the endpoint, which the device always uses as its PSK identity. */
    IDENTITY_NOT_ENDPOINT,
    /** The PSK identity contains a byte that the device or its file format cannot hold. */
    IDENTITY_NOT_STORABLE,
    /** The pre-shared key is empty. */
    KEY_EMPTY,
    /** The pre-shared key has fewer bytes than the device needs. */
    KEY_TOO_SHORT,
    /** The pre-shared key has more bytes than RFC 4279 or the device allows. */
    KEY_TOO_LONG,
    /** The text of the pre-shared key is not pairs of hex digits. */
    KEY_NOT_HEX
  }

  /** The reason for the refusal. */
  private final Reason reason;

  /**
   * Creates the exception.
   *
   * @param reason the reason, for programs
   * @param message what is wrong, the limit and what was found, for people; never key bytes
   */
  public InvalidCredentialException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns the reason for the refusal, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
