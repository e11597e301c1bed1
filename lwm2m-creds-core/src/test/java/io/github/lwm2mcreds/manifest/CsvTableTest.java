// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTableTest {
  private static CsvTable table(String text) throws IOException {
    return CsvTable.of(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static List<String> rows(String text) throws IOException {
    List<String> rows = new ArrayList<>();
    try (CsvTable table = table(text)) {
      while (table.next()) {
        StringBuilder row = new StringBuilder(table.line() + ":");
        if (table.problem().isPresent()) {
          row.append(table.problem().get().reason());
        } else {
          for (int i = 0; i < table.columns().size(); i++) {
            row.append('[').append(new String(table.field(i), UTF_8)).append(']');
          }
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @Test
  void columns_areThoseOfTheHeader_whateverTheyAreCalled() throws Exception {
    assertThat(table("\ufeff a ,\"b\"\"c\",psk,\n").columns())
        .containsExactly("a", "b\"c", "psk", "");
  }

  @Test
  void rows_haveTheirFields_andBadOnesDoNotKeepTheOthersOut() throws Exception {
    assertThat(rows("a,b\n1,\"x,\n\"\"y\"\n\n2\n3,q\"q\n4,\n5,6"))
        .containsExactly("2:[1][x,\n\"y]", "5:FIELD_COUNT", "6:MALFORMED", "7:[4][]", "8:[5][6]");
  }

  @Test
  void header_thatCannotBeRead_isRefused() {
    for (String header : List.of("", "\n", "a,a\n", "\"a\n")) {
      assertThatExceptionOfType(ManifestException.class).isThrownBy(() -> table(header));
    }
    byte[] utf16 = "a,b\n".getBytes(StandardCharsets.UTF_16LE);
    assertThatExceptionOfType(ManifestException.class)
        .isThrownBy(() -> CsvTable.of(new ByteArrayInputStream(utf16)))
        .extracting(ManifestException::reason)
        .isEqualTo(ManifestException.Reason.NOT_UTF8);
  }

  @Test
  void field_isACopy() throws Exception {
    CsvTable table = table("a\nkey\n");
    table.next();
    byte[] first = table.field(0);
    table.field(0)[0] = 0;
    table.close();

    assertThat(first).isEqualTo("key".getBytes(UTF_8));
  }
}
