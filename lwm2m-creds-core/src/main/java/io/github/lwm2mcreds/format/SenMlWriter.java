// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Writes SenML records of a name and a value as CBOR maps of two (RFC 8428 §6, RFC 8949 §3). */
final class SenMlWriter {
  static final int NUMBER = 0;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;

  private final Output out;

  SenMlWriter(Output out, int records) {
    this.out = out;
    head(ARRAY, records);
  }

  SenMlWriter number(String path, int value) {
    name(path, 2).head(NUMBER, value);
    return this;
  }

  SenMlWriter text(String path, String ascii) {
    name(path, 3).string(TEXT, ascii.getBytes(US_ASCII));
    return this;
  }

  SenMlWriter bool(String path, boolean value) {
    name(path, 4).out.put(value ? 0xf5 : 0xf4);
    return this;
  }

  SenMlWriter opaque(String path, byte[] bytes) {
    name(path, 8).string(BYTES, bytes);
    return this;
  }

  private SenMlWriter name(String path, int label) {
    head(MAP, 2);
    head(NUMBER, 0);
    string(TEXT, path.getBytes(US_ASCII));
    head(NUMBER, label);
    return this;
  }

  private void string(int type, byte[] bytes) {
    head(type, bytes.length);
    out.put(bytes);
  }

  private void head(int type, int value) {
    int major = type << 5;
    if (value < 24) {
      out.put(major | value);
    } else if (value < 0x100) {
      out.put(major | 24).put(value);
    } else if (value < 0x10000) {
      out.put(major | 25).put(value >> 8).put(value);
    } else {
      out.put(major | 26).put(value >> 24).put(value >> 16).put(value >> 8).put(value);
    }
  }
}
