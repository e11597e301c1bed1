// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\| ([A-Z]+) \\|", Pattern.MULTILINE);

  @Test
  void documentation_listsEveryEventWithItsLevel() throws IOException {
    Map<String, String> documented =
        ROW.matcher(Files.readString(Path.of("EVENTS.md")))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), EventTest::level));

    assertThat(documented)
        .isEqualTo(
            Stream.of(Event.values())
                .collect(Collectors.toMap(Event::id, event -> event.level().name())));
  }

  private static String level(MatchResult row) {
    return row.group(2).equals("WARN") ? Level.WARNING.name() : row.group(2);
  }

  @Test
  void logger_ofAnEvent_hasItsName() {
    assertThat(Event.HANDSHAKE_REFUSED.logger())
        .isEqualTo("io.github.lwm2mcreds.event.handshake-refused");
  }
}
