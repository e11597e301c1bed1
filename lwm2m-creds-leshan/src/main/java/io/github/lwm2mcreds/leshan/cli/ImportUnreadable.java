// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.Optional;

/**
 * Something in a source that is no credential. What comes after it is read all the same.
 *
 * @param number where it is: the line in a file, or the place in another list, from 1
 * @param column the name of the value that is wrong; empty if it is the row as a whole
 * @param endpoint whose it is, if that is known
 * @param reason what is wrong, for programs: a name in capitals
 * @param message the same for people, on one line; never a key
 */
record ImportUnreadable(
    long number, Optional<String> column, Optional<String> endpoint, String reason, String message)
    implements ImportItem {}
