// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.util.ArrayList;
import java.util.List;

/**
 * What a serialised file says about a class.
 *
 * @param parent null if none of its superclasses is serialisable
 * @param fieldNames the names of all fields of an object, in their order: its parent's first
 */
record SerialClass(
    String name, int flags, List<Field> fields, SerialClass parent, List<String> fieldNames) {
  /** Its objects are followed by what it wrote itself. */
  static final int WRITE_METHOD = 1;

  static final int SERIALIZABLE = 2;
  static final int ENUM = 16;

  /** A field; the type is the first character of its descriptor. */
  record Field(char type, String name) {}

  static SerialClass of(String name, int flags, List<Field> fields, SerialClass parent) {
    List<String> names = new ArrayList<>(parent == null ? List.of() : parent.fieldNames);
    fields.forEach(field -> names.add(field.name()));
    return new SerialClass(name, flags, fields, parent, List.copyOf(names));
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
