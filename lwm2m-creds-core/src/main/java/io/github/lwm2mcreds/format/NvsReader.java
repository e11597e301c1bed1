// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads the written entries of an NVS partition, also of one that a device has used. */
final class NvsReader {
  private static final int ERASED = -1;
  private static final int ACTIVE_OR_FULL = 0xfffffff8;
  private static final int WRITTEN = 2;

  private final byte[] image;
  private final List<NvsEntry> entries = new ArrayList<>();

  NvsReader(byte[] image) throws DeviceFormatException {
    this.image = image;
    for (int page = 0; page < image.length; page += NvsPage.SIZE) {
      if (int32(image, page) != ERASED) {
        readPage(page);
      }
    }
  }

  List<NvsEntry> entries() {
    return List.copyOf(entries);
  }

  int namespaceIndex(byte[] name) throws DeviceFormatException {
    String wanted = new String(name, ISO_8859_1);
    return entries.stream()
        .filter(entry -> entry.namespace() == 0 && entry.type() == NvsPage.U8)
        .filter(entry -> entry.key().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new DeviceFormatException(
                    Reason.MISSING,
                    image.length,
                    "the NVS partition has no namespace '" + Printable.escape(wanted) + "'"))
        .firstDataByte();
  }

  private void readPage(int page) throws DeviceFormatException {
    int state = int32(image, page);
    if ((state | ~ACTIVE_OR_FULL) != ERASED || (state & 1) != 0) {
      throw new DeviceFormatException(
          Reason.UNSUPPORTED, page, "an NVS page is neither empty nor active nor full");
    }
    if (NvsPage.crc(image, page + 4, page + 28) != int32(image, page + 28)) {
      throw new DeviceFormatException(
          Reason.BAD_CHECKSUM, page + 28, "the checksum of an NVS page's header does not match");
    }
    int version = image[page + 8] & 0xff;
    if (version != NvsPage.VERSION_1 && version != NvsPage.VERSION_2) {
      throw new DeviceFormatException(
          Reason.UNSUPPORTED, page + 8, "the version of an NVS page is neither 1 nor 2");
    }
    for (int slot = 0; slot < NvsPage.ENTRIES; ) {
      slot += isWritten(page, slot) ? read(page, slot).span() : 1;
    }
  }

  private boolean isWritten(int page, int slot) {
    return (image[page + NvsPage.BITMAP + slot / 4] >>> slot % 4 * 2 & 3) == WRITTEN;
  }

  private NvsEntry read(int page, int slot) throws DeviceFormatException {
    int at = page + NvsPage.FIRST_ENTRY + slot * NvsPage.ENTRY;
    if (NvsPage.entryCrc(image, at) != int32(image, at + 4)) {
      throw new DeviceFormatException(
          Reason.BAD_CHECKSUM, at + 4, "the checksum of an NVS entry does not match");
    }
    NvsEntry entry = new NvsEntry(image, at);
    if (entry.span() == 0 || slot + entry.span() > NvsPage.ENTRIES) {
      throw new DeviceFormatException(
          Reason.MALFORMED, at + 2, "an NVS entry takes no slot, or more than its page has");
    }
    entries.add(entry);
    return entry;
  }

  static int int32(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }
}
