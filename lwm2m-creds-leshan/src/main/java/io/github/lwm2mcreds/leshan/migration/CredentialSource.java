// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * The devices in a file or server of others, one at a time, each as a credential or with the reason
 * why it has none. Nothing is left out.
 *
 * <p>Not safe for use by several threads.
 */
public interface CredentialSource extends Closeable {
  /**
   * Returns what comes next.
   *
   * @return a credential, which the caller should destroy after use, or what was not taken; empty
   *     after the last
   * @throws SourceException if the source as a whole cannot be used, or not beyond this place
   * @throws IOException if it cannot be read
   */
  Optional<SourceEntry> next() throws IOException;

  /**
   * Returns what to call the place of an entry, such as {@code line 7} of a file with lines.
   *
   * @param number the entry's number
   * @return a place for people
   */
  default String place(long number) {
    return "entry " + number;
  }

  /** Ends the reading, and wipes what was read. */
  @Override
  void close() throws IOException;
}
