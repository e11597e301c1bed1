// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import io.github.lwm2mcreds.manifest.ManifestReceipt.NotTaken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A receipt as NDJSON: an object with {@code receipt}, the number of the lot, {@code count} and
 * {@code sha256} of the lot, {@code time}, {@code taken} and {@code notTaken}, the number of
 * objects that follow. Each of those has {@code line}, {@code endpoint} if it is known, {@code
 * reason} and {@code message}.
 */
final class ReceiptText {
  private static final int MAX_LENGTH = 256 << 20;

  private ReceiptText() {}

  static void write(ManifestReceipt receipt, OutputStream out) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(ManifestReader.MAX_ROW_LENGTH);
    NdjsonEncoder.member('{', "receipt", receipt.lot().number(), line);
    number("count", receipt.lot().count(), line);
    NdjsonEncoder.member(',', "sha256", receipt.lot().sha256(), line);
    NdjsonEncoder.member(',', "time", receipt.time().toString(), line);
    number("taken", receipt.taken(), line);
    number("notTaken", receipt.notTaken().size(), line);
    end(line, out);
    for (NotTaken device : receipt.notTaken()) {
      NdjsonEncoder.ascii("{\"line\":" + device.line(), line);
      device.endpoint().ifPresent(name -> NdjsonEncoder.member(',', "endpoint", name, line));
      NdjsonEncoder.member(',', "reason", device.reason(), line);
      NdjsonEncoder.member(',', "message", device.message(), line);
      end(line, out);
    }
  }

  private static void number(String name, long value, ByteBuffer line) {
    NdjsonEncoder.ascii(",\"" + name + "\":" + value, line);
  }

  private static void end(ByteBuffer line, OutputStream out) throws IOException {
    NdjsonEncoder.ascii("}\n", line);
    out.write(line.array(), 0, line.position());
    line.clear();
  }

  static ManifestReceipt read(InputStream in) throws IOException {
    byte[] text = in.readNBytes(MAX_LENGTH);
    try {
      List<Map<String, String>> objects = objects(text);
      Map<String, String> head = objects.get(0);
      List<NotTaken> notTaken = new ArrayList<>();
      for (Map<String, String> device : objects.subList(1, objects.size())) {
        notTaken.add(notTaken(device));
      }
      if (notTaken.size() != number(head, "notTaken")) {
        throw notAReceipt(null);
      }
      return new ManifestReceipt(
          new Lot(value(head, "receipt"), number(head, "count"), value(head, "sha256")),
          Instant.parse(value(head, "time")),
          number(head, "taken"),
          notTaken);
    } catch (BadRow | IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
      throw notAReceipt(e);
    }
  }

  private static ManifestException notAReceipt(Exception cause) {
    return new ManifestException(
        Reason.NOT_A_RECEIPT, "what was signed is not the receipt of a manifest", cause);
  }

  private static NotTaken notTaken(Map<String, String> device) {
    return new NotTaken(
        number(device, "line"),
        Optional.ofNullable(device.get("endpoint")),
        value(device, "reason"),
        value(device, "message"));
  }

  private static List<Map<String, String>> objects(byte[] text) throws BadRow {
    List<Map<String, String>> objects = new ArrayList<>();
    for (int from = 0; from < text.length; ) {
      int to = from;
      while (to < text.length && text[to] != '\n') {
        to++;
      }
      Map<String, String> object = new HashMap<>();
      FlatJson.parse(
          Arrays.copyOfRange(text, from, to),
          (name, value, isString) -> object.put(name, new String(value, UTF_8)));
      objects.add(object);
      from = to + 1;
    }
    return objects;
  }

  private static String value(Map<String, String> object, String name) {
    String value = object.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static long number(Map<String, String> object, String name) {
    return Long.parseLong(value(object, name));
  }
}
