// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads SenML records in CBOR of definite lengths; values stay where they are in the file. */
final class SenMlReader {
  private static final int SIMPLE = 7;
  private static final int BASE_NAME = -2;
  private static final int NAME = 0;

  private final byte[] file;
  private int at;

  /** A CBOR item: its major type, its argument, and where a string's bytes are. */
  private record Item(int type, long argument, int offset) {}

  /** A record's full name and the place of its value. */
  record Record(String path, int offset, int type, long argument) {
    byte[] opaque(byte[] file) throws DeviceFormatException {
      require(type == SenMlWriter.BYTES, "opaque (vd)");
      return Arrays.copyOfRange(file, offset, offset + (int) argument);
    }

    long number() throws DeviceFormatException {
      require(type == SenMlWriter.NUMBER, "a whole number (v)");
      return argument;
    }

    private void require(boolean isSo, String what) throws DeviceFormatException {
      if (!isSo) {
        throw new DeviceFormatException(Reason.MALFORMED, offset, path + " is not " + what);
      }
    }
  }

  private SenMlReader(byte[] file) {
    this.file = file;
  }

  static List<Record> read(byte[] file) throws DeviceFormatException {
    SenMlReader reader = new SenMlReader(file);
    long count = reader.require(SenMlWriter.ARRAY, "array of records");
    List<Record> records = new ArrayList<>();
    String baseName = "";
    for (long i = 0; i < count; i++) {
      baseName = reader.record(baseName, records);
    }
    if (reader.at < file.length) {
      throw new DeviceFormatException(
          Reason.MALFORMED, reader.at, "there are bytes behind the last record");
    }
    return records;
  }

  /** Reads a record and returns the base name of those that follow. */
  private String record(String before, List<Record> records) throws DeviceFormatException {
    long pairs = require(SenMlWriter.MAP, "record");
    String baseName = before;
    String name = "";
    Item value = null;
    for (long i = 0; i < pairs; i++) {
      Item label = item();
      Item item = item();
      if (isLabel(label, BASE_NAME)) {
        baseName = text(item);
      } else if (isLabel(label, NAME)) {
        name = text(item);
      } else if (value == null && item.type != SenMlWriter.ARRAY && item.type != SenMlWriter.MAP) {
        value = item;
      } else {
        throw new DeviceFormatException(
            Reason.UNSUPPORTED, item.offset, "a record has more than a name and one plain value");
      }
    }
    if (value != null) {
      records.add(new Record(baseName + name, value.offset, value.type, value.argument));
    }
    return baseName;
  }

  private static boolean isLabel(Item item, int label) {
    return label < 0
        ? item.type == 1 && item.argument == -1L - label
        : item.type == 0 && item.argument == label;
  }

  private String text(Item item) throws DeviceFormatException {
    if (item.type != SenMlWriter.TEXT) {
      throw new DeviceFormatException(Reason.MALFORMED, item.offset, "a name is not text");
    }
    return new String(file, item.offset, (int) item.argument, UTF_8);
  }

  private long require(int type, String what) throws DeviceFormatException {
    int start = at;
    Item item = item();
    if (item.type != type) {
      throw new DeviceFormatException(Reason.MALFORMED, start, "there is no CBOR " + what);
    }
    return item.argument;
  }

  private Item item() throws DeviceFormatException {
    int start = at;
    int initial = octet();
    int type = initial >> 5;
    long argument = argument(initial & 0x1f, start);
    int content = at;
    if (type == SenMlWriter.BYTES || type == SenMlWriter.TEXT) {
      if (argument < 0 || argument > file.length - at) {
        throw new DeviceFormatException(
            Reason.WRONG_LENGTH, file.length, "the file ends within a string");
      }
      at += (int) argument;
    } else if (type == 6) {
      throw new DeviceFormatException(Reason.UNSUPPORTED, start, "there is a CBOR tag");
    }
    return new Item(type, argument, type == SIMPLE ? start : content);
  }

  private long argument(int info, int start) throws DeviceFormatException {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw new DeviceFormatException(
          Reason.UNSUPPORTED, start, "a CBOR item has no definite length");
    }
    long argument = 0;
    for (int i = 0; i < 1 << info - 24; i++) {
      argument = argument << 8 | octet();
    }
    return argument;
  }

  private int octet() throws DeviceFormatException {
    if (at == file.length) {
      throw new DeviceFormatException(Reason.WRONG_LENGTH, at, "the file ends within a record");
    }
    return file[at++] & 0xff;
  }
}
