// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import org.eclipse.californium.scandium.dtls.Connection;

/** The sessions of one file while they are loaded. */
final class LoadedSessions {
  /** What one takes in a file, with an identity of 13 characters. */
  private static final int TYPICAL_BYTES = 280;

  private final boolean isSnapshot;
  private final int about;
  private int restored;
  private int dropped;

  /**
   * Makes a count.
   *
   * @param isSnapshot whether the server has used numbers since, behind which the sessions go on
   * @param length of the file, in bytes
   */
  LoadedSessions(boolean isSnapshot, long length) {
    this.isSnapshot = isSnapshot;
    this.about = (int) Math.min(length / TYPICAL_BYTES, Integer.MAX_VALUE / 4);
  }

  /** Returns about how many there are in the file. */
  int about() {
    return about;
  }

  boolean isSnapshot() {
    return isSnapshot;
  }

  /** Returns whether a session may go on, as far as its numbers are concerned. */
  boolean admits(Connection connection) {
    return !isSnapshot || SequenceNumbers.reserve(connection.getEstablishedDtlsContext());
  }

  void count(boolean isRestored) {
    if (isRestored) {
      restored++;
    } else {
      dropped++;
    }
  }

  int restored() {
    return restored;
  }

  /** How many were left out: their credential is retired, or their numbers are used up. */
  int dropped() {
    return dropped;
  }
}
