// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.util.UUID;

/**
 * What a store does for servers that save their sessions to files: it seals the keys of the files,
 * and remembers which file is a server's newest and which was loaded. A session that goes on twice
 * from the same file would repeat nonces, so a file is loaded once, whoever has copies of it.
 *
 * <p>Every method may throw {@link CredentialStoreException}, and has changed nothing then.
 */
public interface SessionLedger {
  /**
   * The time of a server from one loading of its sessions to the next. A file that was saved in a
   * term is good until the next one begins.
   *
   * @param server a random number, which is the server's as long as its sessions go on
   * @param number of the term, from 1
   */
  record Term(UUID server, long number) {}

  /**
   * Which file saved sessions are.
   *
   * @param term in which they were saved
   * @param number of the file; each file of a server has a higher one than those before
   * @param position of the store's history when they were saved
   */
  record Saved(Term term, long number, Position position) {}

  /**
   * Begins the first term of a server that has no saved sessions.
   *
   * @return the term
   */
  Term begin();

  /**
   * Takes saved sessions for the one time that they may be used, and begins the next term of their
   * server. This is on disk when the method returns, before any of the sessions is used.
   *
   * @param sessions what their file says of itself, authenticated
   * @return the next term
   * @throws SavedSessionsException with {@code OTHER_STORE}, {@code OLDER} or {@code USED}
   */
  Term take(Saved sessions);

  /**
   * Records that sessions were saved, so that older files are refused from now on.
   *
   * @param sessions what their file says of itself
   * @throws SavedSessionsException with {@code USED} if another server has loaded sessions of this
   *     term meanwhile: nothing of this term may be loaded any more
   */
  void record(Saved sessions);

  /**
   * Returns where the store's history stands. The sealing keys are read again, too, so that the
   * next file is sealed by the one that is active.
   *
   * @return the position
   */
  Position position();

  /**
   * Seals the key of a file with the store's sealing key.
   *
   * @param context what the key is bound to
   * @param key 1 to 64 bytes; the caller wipes it
   * @return the sealed key
   */
  byte[] seal(byte[] context, byte[] key);

  /**
   * Opens the key of a file.
   *
   * @param context what it was bound to
   * @param sealed as {@link #seal} returned it
   * @return the key, for the caller to wipe
   * @throws CredentialStoreException with {@code WRONG_KEY} if its sealing key is not the store's,
   *     with {@code CORRUPT} if it or the context was altered
   */
  byte[] open(byte[] context, byte[] sealed);
}
