// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import io.github.lwm2mcreds.manifest.CsvTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The CSV that ThingsBoard's bulk provisioning takes LwM2M devices from, with commas between
 * fields.
 *
 * <p>ThingsBoard lets its user say in a dialog which column is what, so the names in a file are its
 * author's. Those of ThingsBoard's column types, and of the fields these fill, are understood here,
 * whatever their case, blanks, hyphens and underscores; {@link #open(Path, KeyPolicy, Map)} takes
 * others. A row without a mode counts as {@code NO_SEC} in ThingsBoard, and is not taken.
 *
 * @see <a
 *     href="https://github.com/thingsboard/thingsboard/blob/master/common/data/src/main/java/org/thingsboard/server/common/data/sync/ie/importing/csv/BulkImportColumnType.java">ThingsBoard's
 *     column types</a>, and its classes {@code DeviceBulkImportService} and {@code
 *     PSKClientCredential}, where the key is hex
 */
public final class ThingsBoardFile implements CredentialSource {
  /** What a column holds. */
  public enum Column {
    /** The LwM2M endpoint client name: {@code LWM2M_CLIENT_ENDPOINT}. */
    ENDPOINT("lwm2mclientendpoint", "endpoint"),
    /** {@code NO_SEC}, {@code PSK}, {@code RPK} or {@code X509}. */
    MODE("lwm2mclientsecurityconfigmode", "securityconfigclientmode"),
    /** The PSK identity: {@code LWM2M_CLIENT_IDENTITY}. */
    IDENTITY("lwm2mclientidentity", "identity"),
    /** The pre-shared key in hex: {@code LWM2M_CLIENT_KEY}. */
    KEY("lwm2mclientkey", "key");

    private final List<String> names;

    Column(String... names) {
      this.names = List.of(names);
    }

    private boolean isNamed(String name) {
      return names.contains(name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", ""));
    }
  }

  private final CsvTable table;
  private final Map<Column, Integer> columns = new EnumMap<>(Column.class);
  private final EntryMaker maker;

  private ThingsBoardFile(CsvTable table, KeyPolicy policy, Map<Column, String> names)
      throws SourceException {
    this.table = table;
    this.maker = new EntryMaker(policy);
    for (Column column : Column.values()) {
      columns.put(column, find(column, names.get(column)));
    }
  }

  /**
   * Opens a file whose columns have ThingsBoard's names.
   *
   * @param file the CSV
   * @param policy the keys that are taken
   * @return its rows, to be closed
   * @throws SourceException if a column is missing, or two have one meaning
   * @throws IOException if it cannot be read, or has no header
   */
  public static ThingsBoardFile open(Path file, KeyPolicy policy) throws IOException {
    return open(file, policy, Map.of());
  }

  /**
   * Opens a file whose columns have names of their author's.
   *
   * @param file the CSV
   * @param policy the keys that are taken
   * @param names the names of columns that are not ThingsBoard's
   * @return its rows, to be closed
   * @throws SourceException if a column is missing, or two have one meaning
   * @throws IOException if it cannot be read, or has no header
   */
  public static ThingsBoardFile open(Path file, KeyPolicy policy, Map<Column, String> names)
      throws IOException {
    InputStream in = Files.newInputStream(file);
    CsvTable table = CsvTable.of(in);
    try {
      return new ThingsBoardFile(table, policy, names);
    } catch (IOException | RuntimeException e) {
      table.close();
      throw e;
    }
  }

  private int find(Column column, String wanted) throws SourceException {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      String name = table.columns().get(i);
      if (wanted == null ? column.isNamed(name) : name.equals(wanted.strip())) {
        found.add(i);
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new SourceException(
          SourceException.Reason.OTHER_FORMAT,
          "the header has no column "
              + (wanted == null ? "LWM2M_CLIENT_" + type(column) : Printable.escape(wanted))
              + "; commas separate columns");
    }
    throw new SourceException(
        SourceException.Reason.AMBIGUOUS,
        "two columns may be the "
            + column.name().toLowerCase(Locale.ROOT)
            + ": "
            + found.stream()
                .map(i -> "'" + Printable.escape(table.columns().get(i)) + "'")
                .collect(Collectors.joining(" and ")));
  }

  private static String type(Column column) {
    return column == Column.MODE ? "SECURITY_CONFIG_MODE" : column.name();
  }

  @Override
  public Optional<SourceEntry> next() throws IOException {
    if (!table.next()) {
      return Optional.empty();
    }
    long number = table.line();
    if (table.problem().isPresent()) {
      return Optional.of(
          EntryMaker.notTaken(number, null, Reason.MALFORMED, table.problem().get().message()));
    }
    byte[] endpoint = field(Column.ENDPOINT);
    if (!PskFileLines.isUtf8(endpoint)) {
      return Optional.of(
          EntryMaker.notTaken(number, null, Reason.MALFORMED, "its endpoint is not UTF-8"));
    }
    return Optional.of(entry(number, new String(endpoint, StandardCharsets.UTF_8)));
  }

  private byte[] field(Column column) {
    return table.field(columns.get(column));
  }

  private SourceEntry entry(long number, String endpoint) {
    String mode = new String(field(Column.MODE), StandardCharsets.UTF_8).strip();
    if (!mode.equalsIgnoreCase("PSK")) {
      return EntryMaker.otherMode(
          number,
          endpoint,
          mode.isEmpty() ? "no security, as it has no mode," : Printable.escape(mode));
    }
    byte[] identity = field(Column.IDENTITY);
    if (identity.length == 0) {
      return EntryMaker.notTaken(number, endpoint, Reason.NO_KEY, "it has no PSK identity");
    }
    return SecretBytes.useAndWipe(
        field(Column.KEY),
        key ->
            key.length == 0
                ? EntryMaker.notTaken(number, endpoint, Reason.NO_KEY, "it has no key")
                : maker.entry(
                    number,
                    endpoint,
                    () -> PskIdentity.ofBytes(identity),
                    () -> PreSharedKey.ofHex(key)));
  }

  @Override
  public String place(long number) {
    return "line " + number;
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
