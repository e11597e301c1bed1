// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How outcomes get into the page, and are found there. */
class InteropTableTest {
  @TempDir private Path folder;
  private String table;

  @BeforeEach
  void write() throws IOException {
    InteropColumn good = InteropColumn.begin(folder, "Good, with more", "1.0");
    good.add("`first`: case", Outcome.OK);
    good.add("second", Outcome.fails("it ends"));
    InteropColumn bad = InteropColumn.begin(folder, "Bad", "2.0");
    bad.add("`first`: case", Outcome.no("it has no port"));
    InteropTable written = new InteropTable(List.of("`first`: case", "second"));
    written.add("Good, with more", InteropColumn.load(folder, "Good, with more").orElseThrow());
    written.add("Bad", InteropColumn.load(folder, "Bad").orElseThrow());
    table = written.text();
  }

  @Test
  void table_ofTwoPeers_hasTheirVersionsOutcomesAndReasons() {
    assertThat(table)
        .isEqualTo(
            """
            |  | Good, with more | Bad |
            |---|---|---|
            | version | 1.0 | 2.0 |
            | `first`: case | ok | no [1] |
            | second | fails [2] | not tried |

            1. it has no port
            2. it ends
            """);
  }

  @Test
  void cell_ofWrittenTable_isFoundWithItsReason() {
    assertThat(InteropTable.find(table, "Good, with more", "`first`: case")).contains("ok");
    assertThat(InteropTable.find(table, "Bad", "`first`: case")).contains("no: it has no port");
    assertThat(InteropTable.find(table, "Good, with more", "second")).contains("fails: it ends");
    assertThat(InteropTable.find(table, "Bad", "version")).contains("2.0");
  }

  @Test
  void cell_ofAnotherPeerOrCase_isNotFound() {
    assertThat(InteropTable.find(table, "Ugly", "second")).isEmpty();
    assertThat(InteropTable.find(table, "Bad", "third")).isEmpty();
  }

  @Test
  void page_whoseTableIsReplaced_keepsTheRest() throws IOException {
    Path file = folder.resolve("PAGE.md");
    Files.writeString(file, "# A\n<!-- begin a -->\nold\n<!-- end a -->\nB\n");
    InteropPage page = new InteropPage(file);

    page.replace("a", table);

    assertThat(page.table("a")).isEqualTo(table);
    assertThat(file).content().startsWith("# A\n<!-- begin a -->\n|").endsWith("end a -->\nB\n");
  }
}
