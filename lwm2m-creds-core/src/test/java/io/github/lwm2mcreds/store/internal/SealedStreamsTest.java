// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long texts that are sealed in chunks. */
class SealedStreamsTest {
  private static final int CHUNK = ChunkCipher.CHUNK_LENGTH;
  private static final int SEALED = CHUNK + ChunkCipher.TAG_LENGTH;
  private static final byte[] CONTEXT = {1, 2, 3};

  private final byte[] key = random(32, 1);

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private byte[] seal(byte[] text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SealedOutput sealed = new SealedOutput(out, key, CONTEXT)) {
      for (int at = 0; at < text.length; ) { // in parts of many lengths
        int part = Math.min(1 + at % 7919, text.length - at);
        if (part == 1) {
          sealed.write(text[at]);
        } else {
          sealed.write(text, at, part);
        }
        at += part;
      }
      sealed.finish();
    }
    return out.toByteArray();
  }

  private byte[] open(byte[] sealed) throws IOException {
    try (SealedInput in = new SealedInput(new ByteArrayInputStream(sealed), key, CONTEXT)) {
      return in.readAllBytes();
    }
  }

  private void assertDamagedAt(int offset, byte[] sealed) {
    assertThatThrownBy(() -> open(sealed))
        .isInstanceOf(SealedInput.DamagedException.class)
        .hasMessageContaining("from byte " + offset + " on");
    assertThatThrownBy(
            () -> new SealedInput(new ByteArrayInputStream(sealed), key, CONTEXT).verify())
        .isInstanceOf(SealedInput.DamagedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1})
  void open_ofWhatWasSealed_isTheSame(int length) throws IOException {
    byte[] text = random(length, 2);
    byte[] sealed = seal(text);

    assertThat(open(sealed)).isEqualTo(text);
    assertThat(sealed).hasSize(length + 16 * Math.max(1, (length + CHUNK - 1) / CHUNK));
    try (SealedInput in = new SealedInput(new ByteArrayInputStream(sealed), key, CONTEXT)) {
      for (byte b : text) {
        assertThat(in.read()).isEqualTo(b & 0xff);
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void open_ofAlteredBytes_isRefusedWithTheirChunk() throws IOException {
    byte[] sealed = seal(random(2 * CHUNK + 100, 3));
    for (int at = 0; at < sealed.length; at += 9973) {
      byte[] altered = sealed.clone();
      altered[at] ^= 0x10;
      assertDamagedAt(at / SEALED * SEALED, altered);
    }
  }

  @Test
  void open_ofAnythingLessOrMore_isRefused() throws IOException {
    byte[] sealed = seal(random(2 * CHUNK, 4));
    assertDamagedAt(0, new byte[0]);
    assertDamagedAt(0, Arrays.copyOf(sealed, 15));
    assertDamagedAt(0, Arrays.copyOf(sealed, SEALED)); // the last chunk is missing
    assertDamagedAt(SEALED, Arrays.copyOf(sealed, 2 * SEALED - 1));
    assertDamagedAt(SEALED, Arrays.copyOf(sealed, 2 * SEALED + 1));
    assertDamagedAt(SEALED, Arrays.copyOf(sealed, 3 * SEALED));
  }

  @Test
  void open_ofChunksInAnotherOrder_isRefused() throws IOException {
    byte[] sealed = seal(random(3 * CHUNK, 5));
    byte[] swapped = sealed.clone();
    System.arraycopy(sealed, 0, swapped, SEALED, SEALED);
    System.arraycopy(sealed, SEALED, swapped, 0, SEALED);

    assertDamagedAt(0, swapped);
  }

  @Test
  void open_withAnotherKeyOrContext_isRefused() throws IOException {
    byte[] sealed = seal(random(100, 6));

    assertThatThrownBy(
            () ->
                new SealedInput(new ByteArrayInputStream(sealed), random(32, 7), CONTEXT).verify())
        .isInstanceOf(SealedInput.DamagedException.class);
    assertThatThrownBy(
            () -> new SealedInput(new ByteArrayInputStream(sealed), key, new byte[3]).verify())
        .isInstanceOf(SealedInput.DamagedException.class);
  }

  @Test
  void open_ofWhatWasNotFinished_isRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SealedOutput sealed = new SealedOutput(out, key, CONTEXT);
    sealed.write(random(CHUNK + 1, 8), 0, CHUNK + 1);
    sealed.close();

    assertThat(out.size()).isEqualTo(SEALED);
    assertDamagedAt(0, out.toByteArray());
  }
}
