package io.github.lwm2mcreds;

import java.util.Objects;

/**
 * An endpoint, PSK identity or pre-shared key is outside the limits that LwM2M, TLS or a device
 * set.
 */
public final class InvalidCredentialException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** The endpoint has no character. */
    ENDPOINT_EMPTY,
    /** The endpoint has more bytes than CoAP, or the device it is for, can carry. */
    ENDPOINT_TOO_LONG,
    /** The endpoint holds a control character or is not well-formed Unicode. */
    ENDPOINT_NOT_TEXT,
    /** The endpoint holds a character that the device it is for cannot store. */
    ENDPOINT_NOT_ASCII,
    /** The PSK identity has no byte. */
    IDENTITY_EMPTY,
    /** The PSK identity has more bytes than RFC 4279, or the device it is for, allows. */
    IDENTITY_TOO_LONG,
    /** The PSK identity holds a surrogate that stands for no byte. */
    IDENTITY_NOT_TEXT,
    /** The device always uses its endpoint as its PSK identity, and the credential has another. */
    IDENTITY_NOT_ENDPOINT,
    /** The pre-shared key has no byte. */
    KEY_EMPTY,
    /** The pre-shared key has fewer bytes than the device it is for needs. */
    KEY_TOO_SHORT,
    /** The pre-shared key has more bytes than RFC 4279, or the device it is for, allows. */
    KEY_TOO_LONG,
    /** The text given for a pre-shared key is not pairs of hex digits. */
    KEY_NOT_HEX
  }

  /** What is wrong. */
  private final Reason reason;

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the same for people: what, the limit, what was found; never key bytes
   */
  public InvalidCredentialException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Says what is wrong, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
