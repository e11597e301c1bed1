// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.DeviceCredential;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Credentials that a store is to take in, read one after the other, so that there may be any number
 * of them. Nothing is opened before {@link #next} is called, so a source that cannot be read does
 * not keep others out.
 */
interface ImportSource extends Closeable {
  /** What a source found where a credential should be. */
  sealed interface Item permits Found, Unreadable {}

  /**
   * A credential.
   *
   * @param number where it is: the line in a file, or the place in another list, from 1
   * @param credential belongs to the caller, who destroys it
   */
  record Found(long number, DeviceCredential credential) implements Item {}

  /**
   * Something that is no credential. What comes after it is read all the same.
   *
   * @param number where it is, as above
   * @param column the name of the value that is wrong; empty if it is the row as a whole
   * @param endpoint whose it is, if that is known
   * @param reason what is wrong, for programs: a name in capitals
   * @param message the same for people, on one line; never a key
   */
  record Unreadable(
      long number,
      Optional<String> column,
      Optional<String> endpoint,
      String reason,
      String message)
      implements Item {}

  /**
   * What is known after the last item.
   *
   * @param isWhole false if something is missing, or is not what it should be
   * @param text the same for people, as the end of a line; empty if there is nothing to say
   * @param facts adds the same for programs to the object about the source
   */
  record End(boolean isWhole, String text, Consumer<ObjectNode> facts) {}

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
  Optional<Item> next() throws IOException;

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
  End end();

  /** Returns how much there is, in bytes or items; 0 if only the end tells. */
  long size();

  /** Returns how much was read, in the same unit. */
  long done();
}
