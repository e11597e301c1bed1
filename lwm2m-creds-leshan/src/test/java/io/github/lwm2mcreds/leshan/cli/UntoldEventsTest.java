// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.simple.SimpleLoggerFactory;

class UntoldEventsTest {
  @BeforeEach
  void log() {
    UntoldEvents.log();
  }

  private static Logger logger(String event) {
    return new SimpleLoggerFactory().getLogger("io.github.lwm2mcreds.event." + event);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connection-displaced",
        "datagram-failed",
        "handshake-slowed",
        "identity-under-attack",
        "key-lookup-failed",
        "rotation-not-confirmed",
        "sessions-not-compared",
        "sessions-not-loaded",
        "sessions-not-saved"
      })
  void events_whichNobodyElsePrints_areLogged(String event) {
    assertThat(logger(event).isWarnEnabled()).isTrue();
  }

  @Test
  void sessionsLoaded_areNewsThoughAllIsWell() {
    assertThat(logger("sessions-loaded").isInfoEnabled()).isTrue();
    assertThat(logger("sessions-saved").isInfoEnabled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"handshake-refused", "registration-refused", "mirror-lost"})
  void events_whichTheCommandLinePrints_areNotLoggedAsWell(String event) {
    assertThat(logger(event).isWarnEnabled()).isFalse();
  }
}
