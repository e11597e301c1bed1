// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import java.util.Objects;

/**
 * Thrown when a store cannot do its work; it has changed nothing. The message says what is wrong
 * and what to do, and never holds a key.
 */
public final class CredentialStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** There is no store here; or not even the database, or the schema. */
    NOT_FOUND,
    /** A store was to be made where something is already. */
    ALREADY_EXISTS,
    /** There is something here, but it is not a credential store. */
    NOT_A_STORE,
    /** A newer version of this library wrote the store. */
    NEWER_SCHEMA,
    /** The store is damaged: its structure, or a sealed key that was altered or moved. */
    CORRUPT,
    /** There is no space left. */
    FULL,
    /** The store cannot be written: its file, its connection, or a server that is a standby. */
    READ_ONLY,
    /** The database refuses the user: the password is wrong, or rights are missing. */
    NOT_ALLOWED,
    /** Another process has held the store's lock for too long. It may help to try again. */
    LOCKED,
    /** A query took too long, or was cancelled. It may help to try again. */
    TIMED_OUT,
    /** Others changed the same at the same time, several times in a row. Try again. */
    CONFLICT,
    /** All connections of the database or of the pool are in use. Try again later. */
    TOO_MANY_CONNECTIONS,
    /** Something in between cannot do what a store needs; the message says what to set there. */
    MISCONFIGURED,
    /** Others than the owner may read a file that only the owner should. */
    FILE_MODE,
    /**
     * The database cannot be reached, or is failing. It may help to try again; if a change was
     * being committed, the message says so, and whether it was made is to be looked up first.
     */
    UNAVAILABLE,
    /** An optional library is missing; the message names the artifact to add. */
    LIBRARY_MISSING,
    /** The wrapping key is not the store's, or cannot be used. */
    WRONG_KEY,
    /** The store was closed. */
    CLOSED
  }

  /** What is wrong. */
  private final Reason reason;

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the same for people, and what to do; never a key
   */
  public CredentialStoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the same for people, and what to do; never a key
   * @param cause what it was noticed by, without keys; may be null
   */
  public CredentialStoreException(Reason reason, String message, Throwable cause) {
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

  /**
   * Returns whether a key does not open: it is damaged, or what it was sealed with is not there.
   * The rest of its store may be fine.
   *
   * @return whether the reason is {@code CORRUPT} or {@code WRONG_KEY}
   */
  public boolean isUnopenedKey() {
    return reason == Reason.CORRUPT || reason == Reason.WRONG_KEY;
  }
}
