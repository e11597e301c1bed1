// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.leshan.firmware.FirmwareImageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class McubootImageTest {
  private static final byte[] IMAGE = TestImages.image(1, 1000);

  private static Reason reason(byte[] bytes) {
    return catchThrowableOfType(FirmwareImageException.class, () -> McubootImage.read(bytes))
        .reason();
  }

  @Test
  void read_image_tellsVersionLengthAndDigest() throws Exception {
    McubootImage image = McubootImage.read(IMAGE);

    assertThat(image.version()).isEqualTo("1.2.3+4");
    assertThat(image.length()).isEqualTo(512 + 1000 + 76);
    assertThat(image.sha256()).hasSize(64);
    assertThat(image.toString())
        .isEqualTo("version 1.2.3+4, 1588 bytes, SHA-256 " + image.sha256());
  }

  @Test
  void read_imageWithAProtectedTrailer_hashesIt() throws Exception {
    byte[] dependency =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) 0x6908)
            .putShort((short) 16)
            .putShort((short) 0x40)
            .putShort((short) 8)
            .putLong(1)
            .array();
    byte[] image = TestImages.image(2, 100, dependency);
    assertThat(McubootImage.read(image).version()).isEqualTo("2.2.3+4");

    image[512 + 100 + 8]++;
    assertThat(reason(image)).isEqualTo(Reason.OTHER_DIGEST);
    image[512 + 100]++;
    assertThat(reason(image)).isEqualTo(Reason.NO_DIGEST);
  }

  @Property(tries = 300)
  void read_oneByteOfWhatIsHashedAltered_isRefused(
      @ForAll @IntRange(min = 0, max = 1511) int at, @ForAll @IntRange(min = 1, max = 255) int by) {
    byte[] altered = IMAGE.clone();
    altered[at] ^= (byte) by;

    assertThat(reason(altered)).isNotNull();
  }

  @Property(tries = 100)
  void read_cutAnywhere_isRefused(@ForAll @IntRange(min = 0, max = 1587) int length) {
    assertThat(reason(Arrays.copyOf(IMAGE, length))).isNotNull();
  }

  @Property
  void read_anyBytes_givesAnImageOrTheOneException(
      @ForAll @Size(max = 200) byte[] bytes, @ForAll boolean begins) {
    byte[] any = begins && bytes.length > 4 ? beginning(bytes) : bytes;
    try {
      assertThat(McubootImage.read(any).length()).isEqualTo(any.length);
    } catch (FirmwareImageException e) {
      assertThat(e.reason()).isNotNull();
    }
  }

  /** What begins as an image does. */
  private static byte[] beginning(byte[] bytes) {
    byte[] begun = bytes.clone();
    ByteBuffer.wrap(begun).order(ByteOrder.LITTLE_ENDIAN).putInt(0x96f3b83d);
    return begun;
  }

  @Test
  void read_otherFile_isNoImage() {
    assertThat(reason(new byte[5000])).isEqualTo(Reason.NOT_AN_IMAGE);
    assertThat(reason(new byte[0])).isEqualTo(Reason.NOT_AN_IMAGE);
  }

  @Test
  void read_trailerWithoutADigest_isRefused() {
    byte[] other = IMAGE.clone();
    other[512 + 1000 + 4 + 36] = 0x11; // another type
    assertThat(reason(other)).isEqualTo(Reason.NO_DIGEST);
  }
}
