// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.util.HashMap;
import java.util.Map;

/** An object in a serialised file: the name of its class, and its fields, as data. */
record SerialObject(String className, Map<String, Object> fields) {
  SerialObject(String className) {
    this(className, new HashMap<>());
  }

  /** Returns a text, or null. */
  String text(String field) {
    return fields.get(field) instanceof String text ? text : null;
  }

  /** Returns bytes that are the reader's, or null. */
  byte[] bytes(String field) {
    return fields.get(field) instanceof byte[] bytes ? bytes : null;
  }

  boolean isTrue(String field) {
    return Boolean.TRUE.equals(fields.get(field));
  }

  boolean has(String field) {
    return fields.get(field) != null;
  }

  @Override
  public String toString() {
    return className; // its fields hold keys
  }
}
