// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Writes manifests in every way that the formats allow, as other programs may: each choice is
 * random.
 */
final class OtherWriters {
  private static final List<String> END_POINT = List.of("endpoint", "End Point", "END_POINT");
  private static final List<String> IDENTITY =
      List.of("pskIdentity", "PSK Identity", "psk-identity");
  private static final List<String> PSK = List.of("psk", "PSK", " Psk ");

  private final Random random;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private OtherWriters(Random random) {
    this.random = random;
  }

  static byte[] write(
      ManifestFormat format, List<String> columns, List<ManifestRow> rows, Lot lot, Random random) {
    OtherWriters writer = new OtherWriters(random);
    if (random.nextBoolean()) {
      writer.text("\ufeff");
    }
    if (format == ManifestFormat.CSV) {
      writer.csv(columns, rows, lot);
    } else {
      writer.ndjson(columns, rows, lot);
    }
    return writer.out.toByteArray();
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(UTF_8));
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private String anyCase(String hex) {
    return random.nextBoolean() ? hex.toUpperCase(Locale.ROOT) : hex;
  }

  private void csv(List<String> columns, List<ManifestRow> rows, Lot lot) {
    List<String> names = new ArrayList<>(columns);
    Collections.addAll(names, "endpoint", "pskIdentity", "psk");
    Collections.shuffle(names, random);
    csvRecord(names.stream().map(name -> title(name).getBytes(UTF_8)).toList(), "manifestLot");
    for (ManifestRow row : rows) {
      csvRecord(names.stream().map(name -> field(row, name)).toList(), lot.number());
    }
    text("#end count=" + lot.count() + " sha256=" + lot.sha256());
    text(",".repeat(names.size()) + lot.number());
    text(any(List.of("", "\n", "\r\n", "\r")));
  }

  private String title(String name) {
    return switch (name) {
      case "endpoint" -> any(END_POINT);
      case "pskIdentity" -> any(IDENTITY);
      case "psk" -> any(PSK);
      default -> name;
    };
  }

  private byte[] field(ManifestRow row, String name) {
    return switch (name) {
      case "endpoint" -> row.endpoint().getBytes(UTF_8);
      case "pskIdentity" ->
          isEndpoint(row) && random.nextBoolean() ? new byte[0] : row.pskIdentity().toBytes();
      case "psk" -> anyCase(hex(row)).getBytes(UTF_8);
      default -> row.columns().getOrDefault(name, "").getBytes(UTF_8);
    };
  }

  private static boolean isEndpoint(ManifestRow row) {
    return row.pskIdentity().asString().equals(row.endpoint());
  }

  private static String hex(ManifestRow row) {
    return HexFormat.of().formatHex(row.credential().orElseThrow().psk().exposeBytes());
  }

  private void csvRecord(List<byte[]> fields, String last) {
    for (byte[] field : fields) {
      boolean mustEscape = field.length > 0 && field[0] == '\'';
      csvField(mustEscape || random.nextBoolean() ? CsvFormulas.escape(field) : field);
      text(",");
    }
    csvField(last.getBytes(UTF_8));
    text(any(List.of("\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r")));
  }

  private void csvField(byte[] field) {
    boolean isPlain = field.length == 0 || field[0] != '#';
    for (byte b : field) {
      isPlain &= ",\"\r\n".indexOf(b) < 0;
    }
    if (isPlain && random.nextBoolean()) {
      out.writeBytes(field);
      return;
    }
    text("\"");
    for (byte b : field) {
      text(b == '"' ? "\"" : "");
      out.write(b);
    }
    text("\"");
  }

  private void ndjson(List<String> columns, List<ManifestRow> rows, Lot lot) {
    for (ManifestRow row : rows) {
      List<String> members = new ArrayList<>();
      members.add(string(any(END_POINT)) + blank() + ":" + blank() + string(row.endpoint()));
      if (!isEndpoint(row) || random.nextBoolean()) {
        members.add(string(any(IDENTITY)) + ":" + blank() + string(row.pskIdentity().asString()));
      }
      members.add(string(any(PSK)) + blank() + ":" + string(anyCase(hex(row))));
      for (String column : columns) {
        Map<String, String> all = row.columns();
        if (all.containsKey(column) || random.nextBoolean()) {
          String value = all.containsKey(column) ? string(all.get(column)) : "null";
          members.add(string(column) + ":" + blank() + value);
        }
      }
      members.add(string("manifestLot") + ":" + string(lot.number()));
      object(members);
    }
    object(
        new ArrayList<>(
            List.of(
                "\"manifestLot\":" + string(lot.number()),
                "\"count\":" + lot.count(),
                "\"sha256\":" + string(lot.sha256()))));
  }

  private String blank() {
    return any(List.of("", "", " ", "\t", " \t "));
  }

  private void object(List<String> members) {
    Collections.shuffle(members, random);
    text(blank() + "{" + blank() + String.join(blank() + "," + blank(), members) + blank() + "}");
    text(blank() + any(List.of("\n", "\r\n", "\n\n", "\r\n \t\n")));
  }

  private String string(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.codePoints().forEach(c -> character(c, json));
    return json.append('"').toString();
  }

  private void character(int c, StringBuilder json) {
    boolean isSurrogate = c >= 0xd800 && c <= 0xdfff;
    int special = "\"\\/\b\f\n\r\t".indexOf(c);
    if (special >= 0 && random.nextBoolean()) {
      json.append('\\').append("\"\\/bfnrt".charAt(special));
    } else if (c < ' ' || c == '"' || c == '\\' || isSurrogate || random.nextInt(4) == 0) {
      for (char unit : Character.toChars(c)) {
        json.append("\\u").append(anyCase(String.format(Locale.ROOT, "%04x", (int) unit)));
      }
    } else {
      json.appendCodePoint(c);
    }
  }
}
