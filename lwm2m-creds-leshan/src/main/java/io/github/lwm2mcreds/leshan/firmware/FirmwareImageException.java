// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

/** Thrown when bytes are not a firmware image that a boot loader would start. */
public final class FirmwareImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why it is none. */
  public enum Reason {
    /** It does not begin as an MCUboot image does. */
    NOT_AN_IMAGE,
    /** It ends before its header says so. */
    TRUNCATED,
    /** Its trailer has no SHA-256, or is malformed. */
    NO_DIGEST,
    /** Its SHA-256 is another than its trailer says: it was altered. */
    OTHER_DIGEST
  }

  /** Why the bytes are no image. */
  private final Reason reason;

  FirmwareImageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Returns why the bytes are no image.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
