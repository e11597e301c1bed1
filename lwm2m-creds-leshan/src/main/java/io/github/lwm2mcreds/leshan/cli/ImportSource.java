// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Credentials that a store is to take in, read one after the other, so that there may be any number
 * of them. Nothing is opened before {@link #next} is called, so a source that cannot be read does
 * not keep others out.
 */
interface ImportSource extends Closeable {
  /** Returns the name of the source as a message shows it, escaped. */
  String name();

  /** Returns the name of the source for programs. */
  String rawName();

  /** Returns the word for the place of an item, such as {@code line 12}. */
  default String place(long number) {
    return "entry " + number;
  }

  /**
   * Returns the next item.
   *
   * @return empty after the last
   * @throws IOException if the source cannot be read on. Where the user can do something about it,
   *     a {@link CommandException} is its cause
   */
  Optional<ImportItem> next() throws IOException;

  /**
   * Goes back to the beginning, where that costs little, such as in a file. A source in which each
   * endpoint is there once need not.
   *
   * @return whether the items will come again; if not, nothing was done
   * @throws IOException as {@link #next}
   */
  default boolean rewind() throws IOException {
    return false;
  }

  /** Returns what an exception of {@link #next} means to the user. */
  CommandException failure(IOException e);

  /** Returns what is known of the source once {@link #next} has returned empty. */
  ImportEnd end();

  /** Returns how much there is, in bytes or items; 0 if only the end tells. */
  long size();

  /** Returns how much was read, in the same unit. */
  long done();
}
