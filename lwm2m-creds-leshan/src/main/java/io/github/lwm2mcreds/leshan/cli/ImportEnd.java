// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * What is known of a source after its last item.
 *
 * @param isWhole false if something is missing, or is not what it should be
 * @param text the same for people, as the end of a line; empty if there is nothing to say
 * @param facts adds the same for programs to the object about the source
 */
record ImportEnd(boolean isWhole, String text, Consumer<ObjectNode> facts) {}
