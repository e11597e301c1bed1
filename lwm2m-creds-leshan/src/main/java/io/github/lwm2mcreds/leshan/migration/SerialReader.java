// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads one array of objects from a stream that Java serialised, as data: no class is looked up or
 * made an object of, so there is nothing in the stream that could run. Only classes whose names
 * were given are accepted, with bounds on bytes, references and depth.
 *
 * @see <a
 *     href="https://docs.oracle.com/en/java/javase/17/docs/specs/serialization/protocol.html">Java
 *     Object Serialization Specification, 6: Object Serialization Stream Protocol</a>
 */
final class SerialReader implements AutoCloseable {
  static final int MAGIC = 0xaced;

  static final int MAX_DEPTH = 8;
  static final int MAX_BYTES = 1 << 16; // of one array
  static final int MAX_REFERENCES = 1 << 23;
  static final long MAX_LENGTH = 1L << 28;
  private static final int MAX_FIELDS = 32;

  private static final int VERSION = 5;
  private static final int NULL = 0x70;
  private static final int REFERENCE = 0x71;
  private static final int CLASS_DESC = 0x72;
  private static final int OBJECT = 0x73;
  private static final int STRING = 0x74;
  private static final int ARRAY = 0x75;
  private static final int CLASS = 0x76;
  private static final int BLOCK = 0x77;
  private static final int END_BLOCK = 0x78;
  private static final int RESET = 0x79;
  private static final int LONG_BLOCK = 0x7a;
  private static final int EXCEPTION = 0x7b;
  private static final int LONG_STRING = 0x7c;
  private static final int PROXY = 0x7d;
  private static final int ENUM = 0x7e;
  private static final int FIRST_REFERENCE = 0x7e0000;

  private final WipedInput in;
  private final DataInputStream data;
  private final Set<String> allowed;
  private final List<Object> references = new ArrayList<>();
  private int depth;

  /**
   * @param in closed with the reader
   * @param allowed the names of the classes that the stream may have, besides arrays of bytes
   */
  SerialReader(InputStream in, Set<String> allowed) {
    this.in = new WipedInput(in, MAX_LENGTH);
    this.data = new DataInputStream(this.in);
    this.allowed = allowed;
  }

  /** Runs one step; the end of the stream comes too early for it. */
  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T checked(Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (EOFException e) {
      throw new SourceException(Reason.TRUNCATED, "the file ends too early" + at(), e);
    } catch (UTFDataFormatException e) {
      throw malformed("a text that is not UTF-8");
    }
  }

  /** Begins an array of objects; returns how many it has, which may be a lie. */
  int beginArray(Set<String> arrays) throws IOException {
    return checked(
        () -> {
          if (data.readUnsignedShort() != MAGIC || data.readUnsignedShort() != VERSION) {
            throw new SourceException(
                Reason.OTHER_FORMAT, "the file does not hold objects that Java serialised");
          }
          expect(data.readUnsignedByte(), ARRAY, "an array");
          SerialClass type = classDesc();
          if (type == null || !arrays.contains(type.name())) {
            throw notAllowed(type == null ? "nothing" : "'" + Printable.escape(type.name()) + "'");
          }
          refer(new SerialObject(type.name(), List.of())); // the array itself
          int length = data.readInt();
          if (length < 0) {
            throw malformed("an array of " + length + " objects");
          }
          return length;
        });
  }

  /** Reads an object of the array; null if there is none in its place. */
  SerialObject next() throws IOException {
    return checked(
        () -> {
          Object value = value();
          if (value != null && !(value instanceof SerialObject)) {
            throw malformed("something that is no object");
          }
          return (SerialObject) value;
        });
  }

  /** Checks that nothing follows. */
  void end() throws IOException {
    if (in.peek() >= 0) {
      throw malformed("more than one array");
    }
  }

  private Object value() throws IOException {
    if (++depth > MAX_DEPTH) {
      throw new SourceException(
          Reason.TOO_LARGE, "objects are nested more than " + MAX_DEPTH + " deep" + at());
    }
    int type = data.readUnsignedByte();
    Object value =
        switch (type) {
          case NULL -> null;
          case REFERENCE -> referred();
          case STRING -> refer(data.readUTF());
          case ARRAY -> bytes();
          case OBJECT -> object();
          case ENUM -> enumConstant();
          case CLASS, CLASS_DESC, PROXY, RESET, EXCEPTION, LONG_STRING ->
              throw notAllowed(name(type));
          default -> throw malformed("a byte that begins nothing");
        };
    depth--;
    return value;
  }

  private static String name(int type) {
    return switch (type) {
      case PROXY -> "a dynamic proxy";
      case CLASS, CLASS_DESC -> "a class";
      case EXCEPTION -> "an exception";
      case RESET -> "a reset";
      default -> "a text longer than 65535 bytes";
    };
  }

  private <T> T refer(T value) throws SourceException {
    if (references.size() == MAX_REFERENCES) {
      throw new SourceException(
          Reason.TOO_LARGE, "the file has more than " + MAX_REFERENCES + " objects" + at());
    }
    references.add(value);
    return value;
  }

  private Object referred() throws IOException {
    int index = data.readInt() - FIRST_REFERENCE;
    if (index < 0 || index >= references.size()) {
      throw malformed("a reference to what is not there");
    }
    return references.get(index);
  }

  private byte[] bytes() throws IOException {
    SerialClass type = classDesc();
    if (type == null || !type.name().equals("[B")) {
      throw notAllowed("an array of '" + (type == null ? "" : Printable.escape(type.name())) + "'");
    }
    int length = data.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new SourceException(Reason.TOO_LARGE, "an array has " + length + " bytes" + at());
    }
    byte[] bytes = refer(new byte[length]);
    data.readFully(bytes);
    return bytes;
  }

  private SerialObject object() throws IOException {
    SerialClass type = classDesc();
    if (type == null || !type.has(SerialClass.SERIALIZABLE) || type.has(SerialClass.ENUM)) {
      throw malformed("an object whose class is not serialisable");
    }
    SerialObject object = refer(new SerialObject(type.name(), type.fieldNames()));
    fields(type, object);
    return object;
  }

  private void fields(SerialClass type, SerialObject object) throws IOException {
    if (type.parent() != null) {
      fields(type.parent(), object);
    }
    for (SerialClass.Field field : type.fields()) {
      object.add(fieldValue(field.type()));
    }
    if (type.has(SerialClass.WRITE_METHOD)) {
      skipWritten();
    }
  }

  /** Reads a field. Of those that are no objects, only booleans are of use. */
  private Object fieldValue(char type) throws IOException {
    int length =
        switch (type) {
          case 'B' -> 1;
          case 'C', 'S' -> 2;
          case 'F', 'I' -> 4;
          case 'D', 'J' -> 8;
          default -> 0;
        };
    if (length > 0) {
      data.skipNBytes(length);
      return null;
    }
    return type == 'Z' ? data.readBoolean() : value();
  }

  private void skipWritten() throws IOException {
    for (int type = in.peek(); type != END_BLOCK; type = in.peek()) {
      if (type == BLOCK || type == LONG_BLOCK) {
        data.readByte();
        data.skipNBytes(type == BLOCK ? data.readUnsignedByte() : data.readInt() & 0x7fffffff);
      } else {
        value();
      }
    }
    data.readByte();
  }

  private SerialObject enumConstant() throws IOException {
    SerialClass type = classDesc();
    if (type == null || !type.has(SerialClass.ENUM)) {
      throw malformed("a constant of what is no enum");
    }
    SerialObject constant = refer(new SerialObject(type.name(), List.of("name")));
    constant.add(value());
    return constant;
  }

  private SerialClass classDesc() throws IOException {
    int type = data.readUnsignedByte();
    if (type == NULL) {
      return null;
    }
    if (type == REFERENCE) {
      if (referred() instanceof SerialClass known) {
        return known;
      }
      throw malformed("a reference to no class");
    }
    if (type == PROXY) {
      throw notAllowed(name(type));
    }
    expect(type, CLASS_DESC, "a class");
    return newClass();
  }

  private SerialClass newClass() throws IOException {
    String name = data.readUTF();
    if (!allowed.contains(name) && !name.equals("[B")) {
      throw notAllowed("'" + Printable.escape(name) + "'");
    }
    data.readLong(); // its version, which is 1 in every Leshan, and tells nothing
    int index = references.size();
    refer(name);
    int flags = data.readUnsignedByte();
    List<SerialClass.Field> fields = newFields();
    expect(data.readUnsignedByte(), END_BLOCK, "the end of a class");
    if (++depth > MAX_DEPTH) {
      throw new SourceException(Reason.TOO_LARGE, "a class has too many superclasses" + at());
    }
    SerialClass type = SerialClass.of(name, flags, fields, classDesc());
    depth--;
    references.set(index, type);
    return type;
  }

  private List<SerialClass.Field> newFields() throws IOException {
    int count = data.readUnsignedShort();
    if (count > MAX_FIELDS) {
      throw new SourceException(Reason.TOO_LARGE, "a class has " + count + " fields" + at());
    }
    List<SerialClass.Field> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      char type = (char) data.readUnsignedByte();
      if ("BCDFIJSZL[".indexOf(type) < 0) {
        throw malformed("a field of no type");
      }
      fields.add(new SerialClass.Field(type, data.readUTF()));
      if ((type == 'L' || type == '[') && !(value() instanceof String)) {
        throw malformed("a field of no type");
      }
    }
    return fields;
  }

  private void expect(int found, int expected, String what) throws SourceException {
    if (found != expected) {
      throw malformed("something else than " + what);
    }
  }

  private SourceException notAllowed(String what) {
    return new SourceException(
        Reason.NOT_ALLOWED, "the file holds " + what + ", which is not read" + at());
  }

  private SourceException malformed(String what) {
    return new SourceException(Reason.MALFORMED, "the file is damaged: it has " + what + at());
  }

  private String at() {
    return " (at byte " + in.count() + ")";
  }

  /** Wipes every array of bytes that was read, and closes the stream. */
  @Override
  public void close() throws IOException {
    for (Object reference : references) {
      if (reference instanceof byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    references.clear();
    in.close();
  }
}
