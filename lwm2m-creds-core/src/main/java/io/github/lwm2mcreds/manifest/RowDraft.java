// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The values of one row, as bytes, until it is known whether they make a row. */
final class RowDraft {
  private static final String COUNT = "count";
  private static final String DIGEST = "sha256";

  private final byte[][] values = new byte[ManifestColumn.values().length][];
  private Map<String, String> others = new LinkedHashMap<>();
  private long line;

  /** Forgets the row, and wipes its key. */
  void clear(long newLine) {
    byte[] psk = value(ManifestColumn.PSK);
    if (psk != null) {
      Arrays.fill(psk, (byte) 0);
    }
    Arrays.fill(values, null);
    others = new LinkedHashMap<>();
    line = newLine;
  }

  long line() {
    return line;
  }

  /**
   * Adds a value; an empty one counts as none.
   *
   * @param value owned by the draft, and wiped if it is a key
   */
  void put(Optional<ManifestColumn> column, String name, byte[] value) throws BadRow {
    if (value.length == 0) {
      return;
    }
    if (column.isPresent() && column.get() != ManifestColumn.BOARD) {
      values[column.get().ordinal()] = value;
    } else {
      String title = column.map(ManifestColumn::title).orElse(name.strip());
      if (others.put(title, text(title, value)) != null) {
        throw new BadRow(title, Reason.DUPLICATE_COLUMN, "the row has the column twice");
      }
    }
  }

  private byte[] value(ManifestColumn column) {
    return values[column.ordinal()];
  }

  private static String text(String column, byte[] value) throws BadRow {
    return Utf8.decode(value)
        .orElseThrow(() -> new BadRow(column, Reason.NOT_UTF8, "the value is not UTF-8"));
  }

  private Optional<String> text(ManifestColumn column) throws BadRow {
    byte[] value = value(column);
    return value == null ? Optional.empty() : Optional.of(text(column.title(), value));
  }

  /** Returns the number of the lot that the row says it belongs to. */
  Optional<String> lotNumber() throws BadRow {
    return text(ManifestColumn.LOT);
  }

  /** Returns the endpoint if it is valid. */
  Optional<String> endpoint() {
    try {
      return text(ManifestColumn.ENDPOINT).map(DeviceCredential::requireEndpoint);
    } catch (BadRow | InvalidCredentialException e) {
      return Optional.empty();
    }
  }

  /** Makes this the end of a lot, which no device has. */
  void putEnd(byte[] count, byte[] digest) throws BadRow {
    put(Optional.empty(), COUNT, count);
    put(Optional.empty(), DIGEST, digest);
  }

  /** Returns whether this is the end of a lot instead of a device. */
  boolean isEnd() {
    return value(ManifestColumn.ENDPOINT) == null
        && value(ManifestColumn.PSK) == null
        && value(ManifestColumn.LOT) != null
        && others.containsKey(COUNT)
        && others.containsKey(DIGEST);
  }

  /** Returns what the end of a lot states. */
  Lot end() throws BadRow {
    try {
      return new Lot(
          lotNumber().orElseThrow(), Long.parseLong(others.get(COUNT)), others.get(DIGEST));
    } catch (IllegalArgumentException e) {
      throw new BadRow(Reason.MALFORMED, "the end of the lot has no valid count and digest");
    }
  }

  /** Returns the row, which owns its key. */
  ManifestRow row(boolean needsKey) throws BadRow {
    String endpoint =
        text(ManifestColumn.ENDPOINT)
            .orElseThrow(() -> missing(ManifestColumn.ENDPOINT, "the row has no endpoint"));
    ManifestColumn current = ManifestColumn.ENDPOINT;
    try {
      DeviceCredential.requireEndpoint(endpoint);
      current = ManifestColumn.PSK_IDENTITY;
      byte[] given = value(current);
      PskIdentity identity = given == null ? PskIdentity.of(endpoint) : PskIdentity.ofBytes(given);
      current = ManifestColumn.PSK;
      if (needsKey && value(current) == null) {
        throw missing(current, "the row has no key");
      }
      Optional<PreSharedKey> psk = Optional.ofNullable(value(current)).map(PreSharedKey::ofHex);
      return ManifestRow.read(endpoint, identity, psk, others, line);
    } catch (InvalidCredentialException e) {
      throw new BadRow(current.title(), Reason.INVALID_VALUE, e.getMessage());
    }
  }

  private static BadRow missing(ManifestColumn column, String message) {
    return new BadRow(column.title(), Reason.MISSING_VALUE, message);
  }
}
