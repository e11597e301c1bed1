// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import java.util.Objects;

/**
 * Thrown when saved sessions may not be used, or cannot be read. None of them was used then, and
 * their devices make a handshake. The message says what is wrong and what to do, and never holds a
 * key.
 */
public final class SavedSessionsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with saved sessions. */
  public enum Reason {
    /** The file holds something else. */
    NOT_SESSIONS,
    /** A newer version of this library wrote the file. */
    NEWER_FORMAT,
    /** The file was altered, or a part of it is missing. */
    DAMAGED,
    /** The sessions belong to another store, or to another state of this one's history. */
    OTHER_STORE,
    /** Another server of the cluster has saved them, or one that is in no cluster. */
    OTHER_NODE,
    /** The server has saved its sessions again since: this is a copy of an older file. */
    OLDER,
    /** The sessions were loaded before. To use them again would repeat nonces. */
    USED
  }

  /** What is wrong. */
  private final Reason reason;

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the same for people, and what to do; never a key
   */
  public SavedSessionsException(Reason reason, String message) {
    this(reason, message, null);
  }

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the same for people, and what to do; never a key
   * @param cause what it was noticed by, without keys; may be null
   */
  public SavedSessionsException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns what is wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
