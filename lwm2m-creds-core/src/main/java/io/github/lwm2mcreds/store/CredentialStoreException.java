package io.github.lwm2mcreds.store;

import java.util.Objects;

/**
 * A store cannot do its work, and has changed nothing. The message says what is wrong and what to
 * do; it never holds a key.
 */
public final class CredentialStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** There is no store here. */
    NOT_FOUND,
    /** A store was to be made where something is already. */
    ALREADY_EXISTS,
    /** There is something here, but it is no credential store. */
    NOT_A_STORE,
    /** A newer version of this library wrote the store. */
    NEWER_SCHEMA,
    /** The store is damaged: its structure, or a sealed key that was altered or moved. */
    CORRUPT,
    /** There is no space left. */
    FULL,
    /** The store may not be written. */
    READ_ONLY,
    /** Somebody else has held the store's lock for too long. */
    LOCKED,
    /** Others than the owner may read a file that only the owner should. */
    FILE_MODE,
    /** The database cannot be reached, or is failing. */
    UNAVAILABLE,
    /** A library is missing on the class path; the message names the artifact to add. */
    LIBRARY_MISSING,
    /** The store's key is another one, or cannot be used. */
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
   * Says what is wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
