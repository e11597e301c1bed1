// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON objects for programs, one per line and in ASCII. */
final class JsonLine {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private JsonLine() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static String of(ObjectNode object) {
    return text(object);
  }

  /** Returns any part of a tree in one line. */
  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings is always JSON", e);
    }
  }

  /** Returns an object in many lines, for a file that people read, too. */
  static String pretty(ObjectNode object) {
    try {
      return MAPPER
              .writer(
                  new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
              .writeValueAsString(object)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings is always JSON", e);
    }
  }
}
