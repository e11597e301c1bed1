// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LotNeighboursTest {
  @ParameterizedTest
  @CsvSource({
    "sensor-0009, sensor-0010",
    "sensor-0010, sensor-0009",
    "sensor-9, sensor-10",
    "sensor-10, sensor-9",
    "sensor-0001-eu, sensor-0002-eu",
    "deadbeef, deadbef0",
    "DEADBEEF, DEADBEEE",
    "sensor-000000ff, sensor-00000100",
    "urn:imei:356938035643809, urn:imei:356938035643817",
    "urn:dev:mac:0024befffe804ff1, urn:dev:mac:0024befffe804ff2",
    "8949020000012345678, 8949020000012345679"
  })
  void of_countedName_includesTheNext(String name, String next) {
    assertThat(LotNeighbours.of(name)).contains(next);
  }

  @Test
  void of_name_hasTheNearestFirst() {
    assertThat(LotNeighbours.of("s0100")).startsWith("s0099", "s0101");
  }

  @ParameterizedTest
  @CsvSource({"''", "sonsor", "_"})
  void of_nameWithoutNumber_isEmpty(String name) {
    assertThat(LotNeighbours.of(name)).isEmpty();
  }

  @Property
  void of_anyName_areBoundedAndNotTheNameItself(@ForAll String name) {
    assertThat(LotNeighbours.of(name)).hasSizeLessThan(130).doesNotContain(name);
  }
}
