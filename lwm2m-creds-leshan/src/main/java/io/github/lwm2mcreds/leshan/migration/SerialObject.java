// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.util.List;

/**
 * An object in a serialised file: the name of its class, and its fields, as data. It takes little
 * more room than it has in the file, whatever fields a class there claims to have.
 */
final class SerialObject {
  private static final Object[] NONE = {};

  private final String className;
  private final List<String> names; // those of the class, which all its objects share
  private final Object[] values;
  private int count;

  SerialObject(String className, List<String> names) {
    this.className = className;
    this.names = names;
    this.values = names.isEmpty() ? NONE : new Object[names.size()];
  }

  String className() {
    return className;
  }

  /** Sets the next field, in the order of their names. */
  void add(Object value) {
    values[count++] = value;
  }

  private Object value(String field) {
    int index = names.lastIndexOf(field);
    return index < 0 ? null : values[index];
  }

  /** Returns a text, or null. */
  String text(String field) {
    return value(field) instanceof String text ? text : null;
  }

  /** Returns bytes that are the reader's, or null. */
  byte[] bytes(String field) {
    return value(field) instanceof byte[] bytes ? bytes : null;
  }

  boolean isTrue(String field) {
    return Boolean.TRUE.equals(value(field));
  }

  boolean has(String field) {
    return value(field) != null;
  }

  @Override
  public String toString() {
    return className; // its fields hold keys
  }
}
