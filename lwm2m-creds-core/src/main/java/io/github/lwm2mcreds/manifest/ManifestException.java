// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.util.Objects;

/** A manifest as a whole cannot be used. The message never holds a key. */
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** It is UTF-16 or another encoding than UTF-8. */
    NOT_UTF8,
    /** The header of a CSV manifest cannot be read. */
    BAD_HEADER,
    /** A column that is needed is missing. */
    MISSING_COLUMN,
    /** Two columns have one name. */
    DUPLICATE_COLUMN,
    /** The file is not a sealed manifest. */
    NOT_SEALED,
    /** What was signed is not the receipt of a manifest. */
    NOT_A_RECEIPT,
    /** It has no signature. */
    UNSIGNED,
    /** Somebody signed it whom the receiver does not trust. */
    UNTRUSTED_SIGNER,
    /** It was altered after it was signed or sealed. */
    ALTERED,
    /** Its end is missing. */
    TRUNCATED,
    /** It was sealed for others. */
    NOT_A_RECIPIENT,
    /** A certificate or private key is not of a kind that can be used for this. */
    UNSUITABLE_KEY,
    /** An optional library is missing; the message names the artifact to add. */
    LIBRARY_MISSING
  }

  /** What is wrong. */
  private final Reason reason;

  ManifestException(Reason reason, String message) {
    this(reason, message, null);
  }

  ManifestException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns what is wrong, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
