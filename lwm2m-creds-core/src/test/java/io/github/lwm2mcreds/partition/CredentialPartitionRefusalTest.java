// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static io.github.lwm2mcreds.partition.Samples.TOKEN;
import static io.github.lwm2mcreds.partition.Samples.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.partition.PartitionFormatException.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason to refuse a partition, and where it is found. */
class CredentialPartitionRefusalTest {
  private static void assertRefused(byte[] bytes, Reason reason, int offset) {
    assertThatExceptionOfType(PartitionFormatException.class)
        .isThrownBy(() -> CredentialPartition.decode(bytes))
        .satisfies(
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.offset()).isEqualTo(offset);
            });
  }

  private static byte[] with(int offset, int value) {
    byte[] bytes = PARTITION.clone();
    bytes[offset] = (byte) value;
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 33, 65})
  void decode_fewerThan66Bytes_isTooShort(int length) {
    assertRefused(Arrays.copyOf(PARTITION, length), Reason.TOO_SHORT, length);
  }

  @ParameterizedTest
  @ValueSource(ints = {67, 132, 4096})
  void decode_moreThan66Bytes_isTooLong(int length) {
    assertRefused(Arrays.copyOf(PARTITION, length), Reason.TOO_LONG, 66);
  }

  @Test
  void decode_erasedField_isErased() {
    assertRefused(partition("\u00ff".repeat(33), TOKEN), Reason.ERASED, 0);
    assertRefused(partition("deadbeef", "\u00ff".repeat(33)), Reason.ERASED, 33);
    assertRefused(partition("\u00ff".repeat(33), "\u00ff".repeat(33)), Reason.ERASED, 0);
  }

  @Test
  void decode_fieldWithoutNulAtItsEnd_isNotTerminated() {
    assertRefused(partition("e".repeat(33), TOKEN), Reason.NOT_TERMINATED, 32);
    assertRefused(partition("deadbeef", TOKEN + "0"), Reason.NOT_TERMINATED, 65);
    assertRefused(with(32, 0xff), Reason.NOT_TERMINATED, 32);
    assertRefused(with(65, 1), Reason.NOT_TERMINATED, 65);
    assertRefused(partition("\u00ff".repeat(32) + "\u00fe", TOKEN), Reason.NOT_TERMINATED, 32);
  }

  @ParameterizedTest
  @CsvSource({"9, 9", "31, 31", "20, 20"})
  void decode_byteAfterTheFirstNul_isDirt(int at, int offset) {
    assertRefused(with(at, 'x'), Reason.DIRT_AFTER_TERMINATOR, offset);
    assertRefused(with(at, 0xff), Reason.DIRT_AFTER_TERMINATOR, offset);
  }

  @Test
  void decode_tokenAfterAnEarlyNul_isDirt() {
    assertRefused(with(33, 0), Reason.DIRT_AFTER_TERMINATOR, 34);
    assertRefused(with(40, 0), Reason.DIRT_AFTER_TERMINATOR, 41);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x09, 0x0a, 0x1f, 0x7f, 0x80, 0xa0, 0xff})
  void decode_byteThatDoesNotPrint_isNotAscii(int value) {
    assertRefused(with(0, value), Reason.NOT_ASCII, 0);
    assertRefused(with(7, value), Reason.NOT_ASCII, 7);
    assertRefused(with(64, value), Reason.NOT_ASCII, 64);
  }

  @ParameterizedTest
  @ValueSource(chars = {'g', 'z', 'G', 'Z', '/', ':', '@', '`', ' ', '~'})
  void decode_tokenCharacterThatIsNoHexDigit_isNotHex(char c) {
    assertRefused(with(33, c), Reason.NOT_HEX, 33);
    assertRefused(with(64, c), Reason.NOT_HEX, 64);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 30, 31})
  void decode_tokenOfOtherLength_isWrongAtItsEnd(int length) {
    assertRefused(
        partition("deadbeef", TOKEN.substring(0, length)), Reason.WRONG_TOKEN_LENGTH, 33 + length);
  }

  @Test
  void decode_emptyField_isEmpty() {
    assertRefused(partition("", TOKEN), Reason.EMPTY_ENDPOINT, 0);
    assertRefused(partition("deadbeef", ""), Reason.EMPTY_TOKEN, 33);
    assertRefused(new byte[66], Reason.EMPTY_ENDPOINT, 0);
  }

  @Test
  void decode_bothFieldsWrong_namesTheEndpoint() {
    assertRefused(partition("caf\u00e9", "zz"), Reason.NOT_ASCII, 3);
  }

  @Test
  void decode_printableEdges_areAccepted() throws Exception {
    assertThat(CredentialPartition.decode(partition(" ~", TOKEN)).endpoint()).isEqualTo(" ~");
  }

  @Test
  void message_anyRefusal_tellsFieldAndOffset() {
    assertThatExceptionOfType(PartitionFormatException.class)
        .isThrownBy(() -> CredentialPartition.decode(with(50, 'g')))
        .withMessageContainingAll("device token", "offset 50", "not a hex digit");
    assertThatExceptionOfType(PartitionFormatException.class)
        .isThrownBy(() -> CredentialPartition.decode(new byte[67]))
        .withMessageContainingAll("66", "67");
  }
}
