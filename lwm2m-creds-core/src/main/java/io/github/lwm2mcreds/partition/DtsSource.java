// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The text of a devicetree file.
 *
 * @param name its name in messages; empty for a text that has none
 * @param path where it is, which decides what its includes mean; empty if it is in no file
 */
record DtsSource(String name, Optional<Path> path, String text) {}
