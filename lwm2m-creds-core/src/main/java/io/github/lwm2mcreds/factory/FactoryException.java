// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import java.io.IOException;
import java.util.Objects;

/** A run or a comparison cannot be made. The message never holds a key. */
public final class FactoryException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** Devices have problems, which were reported; nothing was made. */
    BAD_DEVICES,
    /** A manifest has a bad row or is not complete. */
    BAD_MANIFEST,
    /** Something is where the images or the manifest should go. */
    OUTPUT_EXISTS,
    /** An earlier run was stopped, and can be resumed. */
    UNFINISHED_RUN,
    /** There is no run to resume. */
    NOTHING_TO_RESUME,
    /** The run to resume has other settings. */
    OTHER_SETTINGS,
    /** Another process works on the run. */
    IN_USE,
    /** An image is not the one that this run has written. */
    OTHER_IMAGE,
    /** The list of devices was changed while it was read. */
    LIST_CHANGED
  }

  /** What is wrong. */
  private final Reason reason;

  FactoryException(Reason reason, String message) {
    super(message);
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
