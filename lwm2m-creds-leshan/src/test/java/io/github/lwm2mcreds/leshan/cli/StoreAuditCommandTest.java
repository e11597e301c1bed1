// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.HistoryHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreAuditCommandTest {
  private static final AuditEntry HOSTILE =
      new AuditEntry(
          7,
          Instant.ofEpochSecond(0),
          "=cmd|' /C calc'!A0",
          Action.REVOKED,
          "a,\"b\"",
          Optional.of(PskIdentity.ofBytes(new byte[] {'x', (byte) 0xff})),
          Optional.empty(),
          "two\r\nlines \u001b[31m",
          HistoryHash.ofBytes(new byte[32]));

  @TempDir Path folder;

  @Test
  void changes_areShownOldestFirst_withoutKeys_inEachFormat() throws Exception {
    TestStore store = TestStore.init(folder);
    store.add("a", TOKEN);
    store.add("b", TOKEN);
    store.run("revoke", "a", "--reason", "lost");
    store.run("reseal");

    Cli text = store.run("audit");
    assertThat(text.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).startsWith("1  ").contains("  ADDED  a  a  "),
            row -> assertThat(row).startsWith("2  ").contains("  ADDED  b  b  "),
            row -> assertThat(row).startsWith("3  ").contains("  REVOKED  a  a  ", "  lost"),
            row -> assertThat(row).startsWith("4  ").endsWith("  RESEALED"));
    Cli csv = store.run("audit", "--format", "csv", "--after", "2");
    assertThat(csv.out().lines().map(line -> line.split(",", -1).length))
        .containsOnly(9)
        .hasSize(3);
    Cli json = store.run("audit", "--format", "json", "--endpoint", "b");
    JsonNode entry = new ObjectMapper().readTree(json.out());
    assertThat(entry.get("number").intValue()).isEqualTo(2);
    assertThat(entry.get("action").textValue()).isEqualTo("ADDED");
    assertThat(entry.get("checkValue").textValue()).matches("[0-9a-f]{8}");
    assertThat(text.out() + csv.out() + json.out()).doesNotContain(TOKEN);
  }

  @Test
  void csv_isOneLineARow_quoted_andNoFormula() {
    assertThat(AuditFormat.CSV.row(HOSTILE))
        .isEqualTo(
            "7,1970-01-01T00:00:00Z,'=cmd|' /C calc'!A0,REVOKED,\"a,\"\"b\"\"\",x\\xff,,"
                + "two\\u000d\\u000alines \\u001b[31m,"
                + "0".repeat(64));
  }

  @ParameterizedTest
  @CsvSource({"=1", "+1", "-1", "@a"})
  void csv_fieldThatASpreadsheetWouldCompute_isText(String field) {
    assertThat(AuditFormat.CSV.csv(field)).isEqualTo("'" + field);
  }

  @Test
  void json_keepsEveryCharacter_inOneLineOfAscii() throws Exception {
    String row = AuditFormat.JSON.row(HOSTILE);

    assertThat(row.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
    JsonNode entry = new ObjectMapper().readTree(row);
    assertThat(entry.get("reason").textValue()).isEqualTo(HOSTILE.reason());
    assertThat(PskIdentity.of(entry.get("pskIdentity").textValue()))
        .isEqualTo(HOSTILE.pskIdentity().orElseThrow());
    assertThat(entry.get("checkValue").isNull()).isTrue();
  }

  @Test
  void badNumberOrFormat_isBadUsage() {
    assertThat(Cli.run("store", "audit", "--after", "x").code()).isEqualTo(2);
    assertThat(Cli.run("store", "audit", "--format", "xml").err())
        .contains("--format text|csv|json");
  }
}
