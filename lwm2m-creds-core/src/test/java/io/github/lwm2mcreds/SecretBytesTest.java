// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
  @Test
  void useAndWipe_functionReturns_itsResultIsReturnedAndTheBytesAreZero() {
    byte[] secret = {1, 2, 3};
    int sum = SecretBytes.useAndWipe(secret, bytes -> bytes[0] + bytes[1] + bytes[2]);
    assertThat(sum).isEqualTo(6);
    assertThat(secret).containsOnly(0);
  }

  @Test
  void useAndWipe_functionThrows_theBytesAreZero() {
    byte[] secret = {1, 2, 3};
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                SecretBytes.useAndWipe(
                    secret,
                    bytes -> {
                      throw new IOException();
                    }));
    assertThat(secret).containsOnly(0);
  }
}
