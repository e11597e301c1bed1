// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the devices of the matrix have what its cases say. */
class InteropDeviceTest {
  @ParameterizedTest
  @EnumSource
  void key_ofEachDevice_has00AndFfWithin(InteropDevice device) {
    assertThat(device.key()).contains((byte) 0, (byte) 0xff);
  }

  @Test
  void identitiesAndKeys_haveTheLengthsOfTheirNames() {
    assertThat(InteropDevice.USUAL.key()).hasSize(16);
    assertThat(InteropDevice.KEY_OF_32.key()).hasSize(32);
    assertThat(InteropDevice.KEY_OF_64.key()).hasSize(64);
    assertThat(InteropDevice.IDENTITY_OF_1.identity()).hasSize(1);
    assertThat(InteropDevice.IDENTITY_OF_32.identity()).hasSize(32);
    assertThat(InteropDevice.IDENTITY_OF_128.identity()).hasSize(128);
  }

  @Test
  void identityThatIsNotAscii_hasCharactersOfTwoAndThreeBytes() {
    byte[] identity = InteropDevice.IDENTITY_OF_UTF8.identity();

    assertThat(new String(identity, StandardCharsets.UTF_8)).contains("\u00e4", "\u6c34");
  }
}
