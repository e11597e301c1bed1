// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Rows as PostgreSQL's COPY reads them, in its <a
 * href="https://www.postgresql.org/docs/current/sql-copy.html">binary format</a>: a signature, 8
 * bytes that are 0, each row as the number of its fields and each field behind its length, and an
 * end. Numbers have their most significant byte first.
 */
final class CopiedRows {
  private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(ISO_8859_1);
  private static final short END = -1;
  private static final int NULL = -1;
  private static final int FIRST_CAPACITY = 1 << 16;

  private final short fields;
  private ByteBuffer bytes = ByteBuffer.allocate(FIRST_CAPACITY);

  /**
   * Begins without a row.
   *
   * @param fields how many are added to each row
   */
  CopiedRows(int fields) {
    this.fields = (short) fields;
    bytes.put(SIGNATURE).putLong(0);
  }

  CopiedRows row() {
    room(Short.BYTES).putShort(fields);
    return this;
  }

  /** Adds a SMALLINT. */
  CopiedRows add(short number) {
    room(Integer.BYTES + Short.BYTES).putInt(Short.BYTES).putShort(number);
    return this;
  }

  /** Adds a BIGINT. */
  CopiedRows add(long number) {
    room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(number);
    return this;
  }

  /** Adds a TEXT, or nothing if it is null. */
  CopiedRows add(String text) {
    return add(text == null ? null : text.getBytes(UTF_8));
  }

  /** Adds a BYTEA, or nothing if it is null. */
  CopiedRows add(byte[] field) {
    if (field == null) {
      room(Integer.BYTES).putInt(NULL);
    } else {
      room(Integer.BYTES + field.length).putInt(field.length).put(field);
    }
    return this;
  }

  /** Ends the rows, and returns all of it. */
  InputStream end() {
    room(Short.BYTES).putShort(END);
    return new ByteArrayInputStream(bytes.array(), 0, bytes.position());
  }

  private ByteBuffer room(int length) {
    if (bytes.remaining() < length) {
      ByteBuffer larger = ByteBuffer.allocate(2 * bytes.capacity() + length);
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }
}
