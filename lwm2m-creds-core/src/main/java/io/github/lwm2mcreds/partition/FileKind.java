// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Files that are often mistaken for flash images, each with its first bytes, which no flash has.
 */
enum FileKind {
  ELF("an ELF file; give the Intel HEX or binary file that was made from it", "7f454c46"),
  UF2("a UF2 file; give the Intel HEX or binary file that was made into it", "5546320a57515d9e"),
  ZIP("a ZIP archive; unpack it first", "504b0304"),
  GZIP("a gzip archive; unpack it first", "1f8b08"),
  XZ("an xz archive; unpack it first", "fd377a585a00"),
  ZSTD("a zstd archive; unpack it first", "28b52ffd"),
  MACH_O_32("a Mach-O program, not a flash image", "cefaedfe"),
  MACH_O_64("a Mach-O program, not a flash image", "cffaedfe"),
  MACH_O_UNIVERSAL("a Mach-O program, not a flash image", "cafebabe000000"),
  MCUBOOT(
      "an application image for MCUboot, which has no credential partition; dump the flash",
      "3db8f396"),
  DFUSE(
      "a DfuSe file; give the Intel HEX or binary file that was made into it",
      HexFormat.of().formatHex("DfuSe\1".getBytes(US_ASCII)));

  private static final int PE_POINTER = 0x3c;
  private static final int DFU_SUFFIX = 16;

  private final String description;
  private final byte[] magic;

  FileKind(String description, String magic) {
    this.description = description;
    this.magic = HexFormat.of().parseHex(magic);
  }

  /** Describes a file of such a kind; empty if it may be a flash image or Intel HEX. */
  static Optional<String> describe(byte[] file) {
    if (file.length == CredentialPartition.SIZE) {
      return Optional.empty();
    }
    for (FileKind kind : values()) {
      if (startsWith(file, 0, kind.magic)) {
        return Optional.of(kind.description);
      }
    }
    if (isProgramOfWindows(file)) {
      return Optional.of("a program of Windows (PE), not a flash image");
    }
    int suffix = file.length - DFU_SUFFIX;
    return suffix > 0 && startsWith(file, suffix + 8, "UFD\20".getBytes(US_ASCII))
        ? Optional.of("a DFU file; give the Intel HEX or binary file that was made into it")
        : partitionInDisguise(file);
  }

  private static boolean isProgramOfWindows(byte[] file) {
    if (file.length < PE_POINTER + 4 || file[0] != 'M' || file[1] != 'Z') {
      return false;
    }
    int pointer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(PE_POINTER);
    return pointer > 0 && startsWith(file, pointer, "PE\0\0".getBytes(US_ASCII));
  }

  /** Recognises what shells make of a partition on its way into a file. */
  private static Optional<String> partitionInDisguise(byte[] file) {
    if (file.length >= 2 && (file[0] & file[1] & 0xff | 1) == 0xff && file[0] != file[1]) {
      return isWide(file)
          ? Optional.of(
              "text in UTF-16, as PowerShell's > writes it, and no longer the bytes that were"
                  + " written; use --output instead of >, or run the command in cmd")
          : Optional.empty();
    }
    int end = CredentialPartition.SIZE;
    boolean lineEnd =
        file.length == end + 1 && file[end] == '\n'
            || file.length == end + 2 && file[end] == '\r' && file[end + 1] == '\n';
    return lineEnd && file[Field.MAX_LENGTH] == 0 && file[end - 1] == 0
        ? Optional.of(
            "a credential partition with a line's end after its " + end + " bytes; remove that")
        : Optional.empty();
  }

  private static boolean isWide(byte[] file) {
    int high = file[0] == (byte) 0xff ? 1 : 0;
    int end = Math.min(file.length - 1, 2 * CredentialPartition.SIZE);
    for (int i = 2; i < end; i += 2) {
      if (file[i + high] != 0 || file[i + 1 - high] < 0) {
        return false;
      }
    }
    return end > 2;
  }

  /** Describes text that is not Intel HEX. */
  static String describeText(byte[] text) {
    return text.length > 2 && text[0] == 'S' && text[1] >= '0' && text[1] <= '9'
        ? "a file of Motorola S-records; convert it to Intel HEX first"
        : "a text file; it is not Intel HEX, as no line begins with a colon";
  }

  /** Whether a line of a text begins as Intel HEX does. */
  static boolean hasRecords(byte[] text) {
    boolean lineBegins = true;
    for (byte b : text) {
      if (lineBegins && b == ':') {
        return true;
      }
      lineBegins = b == '\n' || b == '\r' || lineBegins && (b == ' ' || b == '\t');
    }
    return false;
  }

  private static boolean startsWith(byte[] file, int offset, byte[] magic) {
    return offset >= 0
        && offset <= file.length - magic.length
        && Arrays.equals(file, offset, offset + magic.length, magic, 0, magic.length);
  }
}
