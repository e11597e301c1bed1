// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.simple.SimpleLoggerFactory;

class UntoldEventsTest {
  private static boolean isLogged(String event) {
    return new SimpleLoggerFactory()
        .getLogger("io.github.lwm2mcreds.event." + event)
        .isWarnEnabled();
  }

  @Test
  void events_whichTheCommandLinePrints_areNotLoggedAsWell() {
    UntoldEvents.log();

    assertThat(isLogged("connection-refused")).isTrue();
    assertThat(isLogged("sessions-not-compared")).isTrue();
    assertThat(isLogged("handshake-refused")).isFalse();
    assertThat(isLogged("registration-refused")).isFalse();
  }
}
