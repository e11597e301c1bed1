// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparseImageTest {
  @Test
  void read_bytesAcrossBlocks_areThoseSet() {
    try (SparseImage image = new SparseImage()) {
      for (int i = 0; i < 70; i++) {
        assertThat(image.set(60 + i, (byte) (i + 1))).isTrue();
      }
      byte[] bytes = image.read(60, 70).orElseThrow();
      assertThat(bytes[0]).isEqualTo((byte) 1);
      assertThat(bytes[69]).isEqualTo((byte) 70);
      assertThat(image.read(59, 2)).isEmpty();
      assertThat(image.read(129, 2)).isEmpty();
      assertThat(image.lowestAddress()).isEqualTo(60);
      assertThat(image.size()).isEqualTo(70);
    }
  }

  @Test
  void set_again_isRefusedUnlessItIsTheSame() {
    try (SparseImage image = new SparseImage()) {
      assertThat(image.set(63, (byte) 1)).isTrue();
      assertThat(image.set(63, (byte) 1)).isTrue();
      assertThat(image.set(63, (byte) 2)).isFalse();
      assertThat(image.read(63, 1)).hasValue(new byte[] {1});
    }
  }

  @Test
  void close_image_leavesNoByteOfIt() {
    SparseImage image = new SparseImage();
    image.set(5, (byte) 1);
    image.set(100, (byte) 2);
    image.close();
    assertThat(image.read(5, 1)).hasValue(new byte[1]);
    assertThat(image.read(100, 1)).hasValue(new byte[1]);
  }
}
