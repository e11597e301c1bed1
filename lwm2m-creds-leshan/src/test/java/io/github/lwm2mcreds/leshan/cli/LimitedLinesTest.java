// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitedLinesTest {
  private final List<String> printed = new ArrayList<>();
  private final LimitedLines lines =
      new LimitedLines((reason, lines) -> printed.add(lines + " more: " + reason));

  private void print(Object reason, int times) {
    for (int i = 0; i < times; i++) {
      lines.print(reason, () -> printed.add(reason.toString()));
    }
  }

  @Test
  void print_aFloodForOneReason_isTenLinesAndACount() {
    print(Reason.WRONG_KEY, 1_244);

    assertThat(printed).hasSize(10).containsOnly("WRONG_KEY");
    lines.flush();
    assertThat(printed).hasSize(11).last().isEqualTo("1234 more: WRONG_KEY");
  }

  @Test
  void print_aFloodForOneReason_hidesNoOther() {
    print(Reason.WRONG_KEY, 100);
    print("key does not open", 11);
    lines.flush();

    assertThat(printed.subList(10, 20)).containsOnly("key does not open");
    assertThat(printed.subList(20, 22))
        .containsExactlyInAnyOrder("90 more: WRONG_KEY", "1 more: key does not open");
  }

  @Test
  void flush_nothingLeftOut_printsNothing() {
    print(Reason.STORE_FAILED, 10);
    lines.flush();

    assertThat(printed).hasSize(10);
  }
}
