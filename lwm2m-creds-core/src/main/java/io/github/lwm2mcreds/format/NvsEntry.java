// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.Arrays;

/** One written entry of an NVS partition, whose own checksum matched. */
record NvsEntry(byte[] image, int at) {
  int namespace() {
    return image[at] & 0xff;
  }

  int type() {
    return image[at + 1] & 0xff;
  }

  /** How many slots it takes, its data included. */
  int span() {
    return image[at + 2] & 0xff;
  }

  String key() {
    int end = at + 8;
    while (end < at + 23 && image[end] != 0) {
      end++;
    }
    return new String(image, at + 8, end - at - 8, ISO_8859_1);
  }

  int firstDataByte() {
    return image[at + 24] & 0xff;
  }

  int dataOffset() {
    return at + NvsPage.ENTRY;
  }

  byte[] string() throws DeviceFormatException {
    requireType(type() == NvsPage.STRING, "string");
    byte[] data = data();
    int last = data.length - 1;
    for (int i = 0; i <= last; i++) {
      if ((data[i] == 0) != (i == last)) {
        throw new DeviceFormatException(
            Reason.MALFORMED, dataOffset() + i, "a string ends at its only NUL");
      }
    }
    return Arrays.copyOf(data, Math.max(last, 0));
  }

  byte[] blob() throws DeviceFormatException {
    requireType(type() == NvsPage.BLOB_DATA || type() == NvsPage.BLOB_1, "blob");
    return data();
  }

  private void requireType(boolean isType, String what) throws DeviceFormatException {
    if (!isType) {
      throw new DeviceFormatException(
          Reason.UNSUPPORTED, at + 1, "the entry '" + key() + "' is not a " + what);
    }
  }

  private byte[] data() throws DeviceFormatException {
    int length = image[at + 24] & 0xff | (image[at + 25] & 0xff) << 8;
    if (length > (span() - 1) * NvsPage.ENTRY) {
      throw new DeviceFormatException(
          Reason.MALFORMED, at + 24, "an entry's data is longer than the slots it takes");
    }
    int from = dataOffset();
    if (NvsPage.crc(image, from, from + length) != NvsReader.int32(image, at + 28)) {
      throw new DeviceFormatException(
          Reason.BAD_CHECKSUM, from, "the checksum of an entry's data does not match");
    }
    return Arrays.copyOfRange(image, from, from + length);
  }
}
