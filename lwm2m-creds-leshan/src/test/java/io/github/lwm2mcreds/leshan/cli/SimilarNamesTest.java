// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarNamesTest {
  private static List<String> nearest(String typed, String... names) {
    SimilarNames similar = new SimilarNames(typed);
    List.of(names).forEach(similar::offer);
    return similar.nearest();
  }

  @ParameterizedTest
  @CsvSource({
    "sensor-1, Sensor-1, true", // another case
    "sensr-1, sensor-1, true", // a character missing
    "sensor-11, sensor-1, true", // one too many
    "senosr-1, sensor-1, true", // two exchanged
    "stroe, store, true",
    "sotr, store, false",
    "xensor-2, sensor-1, true",
    "xenzor-2, sensor-1, false", // three others
    "sensor, sensor-42, false",
    "s1, s2, false", // too short for a guess
    "S1, s1, true",
    "abc, abd, true",
    "abc, axd, false",
  })
  void offer_takesWhatDiffersByTwoCharactersAtMost(String typed, String name, boolean isNear) {
    assertThat(nearest(typed, name)).isEqualTo(isNear ? List.of(name) : List.of());
  }

  @Test
  void nearest_areTheNearestOnly_eachOnce_andAFew() {
    assertThat(nearest("unit-100", "unit-234", "unit-111", "unit-110", "unit-101", "unit-110"))
        .containsExactly("unit-110", "unit-101");
    assertThat(nearest("unit-100", "unit-101", "unit-102", "unit-103", "unit-104")).hasSize(3);
  }
}
