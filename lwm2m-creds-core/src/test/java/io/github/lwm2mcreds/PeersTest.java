// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class PeersTest {
  @Test
  void require_programPresent_goesOn() {
    assertThatCode(() -> Peers.require("srec_cat", true, "true")).doesNotThrowAnyException();
    assertThatCode(() -> Peers.require("srec_cat", true, null)).doesNotThrowAnyException();
  }

  @Test
  void require_programMissing_skipsTheTestWithAReason() {
    assertThatThrownBy(() -> Peers.require("srec_cat", false, null))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("srec_cat is not on the PATH");
  }

  @Test
  void require_programMissingInContinuousIntegration_failsTheTest() {
    assertThatThrownBy(() -> Peers.require("srec_cat", false, "true"))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("srec_cat is not on the PATH");
  }
}
