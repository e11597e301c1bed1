// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes are as PostgreSQL's manual describes them, on its page of COPY. */
class CopiedRowsTest {
  private static final String HEADER =
      "5047434f50590aff0d0a00" // PGCOPY\n\377\r\n\0
          + "00000000" // no flags
          + "00000000"; // no more of the header

  private static final String END = "ffff";

  private static String hex(CopiedRows rows) throws IOException {
    return HexFormat.of().formatHex(rows.end().readAllBytes());
  }

  @Test
  void end_ofNoRows_isTheHeaderAndTheEnd() throws IOException {
    assertThat(hex(new CopiedRows(3))).isEqualTo(HEADER + END);
  }

  @Test
  void end_ofAllTypes_hasEachBehindItsLength() throws IOException {
    CopiedRows rows =
        new CopiedRows(6)
            .row()
            .add((short) 1)
            .add(0x0102030405060708L)
            .add("é")
            .add(new byte[] {7, 8, 9})
            .add((String) null)
            .add((byte[]) null);

    assertThat(hex(rows))
        .isEqualTo(
            HEADER
                + "0006"
                + "00000002"
                + "0001"
                + "00000008"
                + "0102030405060708"
                + "00000002"
                + "c3a9"
                + "00000003"
                + "070809"
                + "ffffffff"
                + "ffffffff"
                + END);
  }

  @Test
  void end_ofMoreThanItHadRoomFor_hasAll() throws IOException {
    CopiedRows rows = new CopiedRows(1);
    for (int i = 0; i < 3; i++) {
      rows.row().add(new byte[100_000]);
    }

    assertThat(hex(rows))
        .isEqualTo(HEADER + ("0001000186a0" + "00".repeat(100_000)).repeat(3) + END);
  }
}
