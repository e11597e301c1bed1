// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionLocationTest {
  @ParameterizedTest
  @CsvSource({"0, 66", "0, 16777216", "4294967230, 66", "4278190080, 16777216"})
  void new_withinLimits_isAccepted(long address, int size) {
    assertThat(new PartitionLocation(address, size).address()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 0, -1, Integer.MIN_VALUE, 16777217, Integer.MAX_VALUE})
  void new_sizeOutOfRange_isRefused(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PartitionLocation(0, size))
        .withMessageContainingAll("66 to 16777216", "" + size);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4294967231L, 4294967296L, Long.MAX_VALUE, Long.MIN_VALUE})
  void new_notWithin32BitAddresses_isRefused(long address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PartitionLocation(address, 66))
        .withMessageContaining("32-bit addresses");
  }

  @Test
  void toString_location_isHex() {
    assertThat(new PartitionLocation(0x7f000, 0x1000)).hasToString("0x7f000 (0x1000 bytes)");
  }
}
