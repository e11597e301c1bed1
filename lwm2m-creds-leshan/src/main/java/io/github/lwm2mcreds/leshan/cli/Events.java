// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * Prints what happens while a command runs until it is stopped, one line per event.
 *
 * @param asJson whether programs read it: objects with the event's name and time
 */
record Events(Streams streams, boolean asJson) {
  /**
   * Prints an event.
   *
   * @param name the same in every release, in lower case
   * @param text for people, in one line
   * @param fields adds what the event is about; may hold no key
   */
  void print(String name, String text, Consumer<ObjectNode> fields) {
    streams.out().println(asJson ? json(name, fields) : text);
  }

  private static String json(String name, Consumer<ObjectNode> fields) {
    ObjectNode object =
        JsonLine.object()
            .put("event", name)
            .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    fields.accept(object);
    return JsonLine.of(object);
  }

  /** Prints an event that has a message for people and no other field. */
  void print(String name, String text, String message) {
    print(name, text + ": " + message, object -> object.put("message", message));
  }
}
