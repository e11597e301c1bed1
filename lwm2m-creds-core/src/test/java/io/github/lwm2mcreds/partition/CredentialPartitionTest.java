// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static io.github.lwm2mcreds.partition.Samples.TOKEN;
import static io.github.lwm2mcreds.partition.Samples.TUTORIAL_TOKEN;
import static io.github.lwm2mcreds.partition.Samples.hex;
import static io.github.lwm2mcreds.partition.Samples.partition;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CredentialPartitionTest {
  // What the tutorial makes of device id deadbeef and token 000102030405060708090a0b0c0d0e0f.
  private static final byte[] TUTORIAL =
      hex(
          """
          64 65 61 64 62 65 65 66  00 00 00 00 00 00 00 00
          00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
          00
          30 30 30 31 30 32 30 33  30 34 30 35 30 36 30 37
          30 38 30 39 30 61 30 62  30 63 30 64 30 65 30 66
          00
          """);

  private static DeviceCredential credential(String endpoint, String token) {
    return DeviceCredential.of(endpoint, PreSharedKey.ofHex(token.getBytes(US_ASCII)));
  }

  @Test
  void encode_tutorialsCredential_isTheTutorialsBytes() {
    assertThat(CredentialPartition.encode(credential("deadbeef", TUTORIAL_TOKEN)))
        .isEqualTo(TUTORIAL);
  }

  @Test
  void decode_tutorialsBytes_givesTheCredential() throws Exception {
    assertThat(CredentialPartition.decode(TUTORIAL))
        .isEqualTo(credential("deadbeef", TUTORIAL_TOKEN));
  }

  @Test
  void encode_endpointOfOneCharacter_isPaddedWithNul() throws Exception {
    byte[] bytes =
        hex(
            """
            61 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
            00
            38 66 31 65 36 63 30 61  64 32 62 39 34 37 33 35
            61 31 63 38 35 65 37 66  33 30 64 36 39 62 34 32
            00
            """);
    assertThat(CredentialPartition.encode(credential("a", TOKEN))).isEqualTo(bytes);
    assertThat(CredentialPartition.decode(bytes)).isEqualTo(credential("a", TOKEN));
  }

  @Test
  void encode_endpointOf32Characters_leavesOneNul() throws Exception {
    String endpoint = "urn:dev:mac:0024befffe804ff1-abc";
    byte[] bytes =
        hex(
            """
            75 72 6e 3a 64 65 76 3a  6d 61 63 3a 30 30 32 34
            62 65 66 66 66 65 38 30  34 66 66 31 2d 61 62 63
            00
            38 66 31 65 36 63 30 61  64 32 62 39 34 37 33 35
            61 31 63 38 35 65 37 66  33 30 64 36 39 62 34 32
            00
            """);
    assertThat(CredentialPartition.encode(credential(endpoint, TOKEN))).isEqualTo(bytes);
    assertThat(CredentialPartition.decode(bytes).endpoint()).isEqualTo(endpoint);
  }

  @Test
  void decode_upperCaseToken_isTheSameKey() throws Exception {
    byte[] bytes =
        hex(
            """
            64 65 61 64 62 65 65 66  00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
            00
            38 46 31 45 36 43 30 41  44 32 42 39 34 37 33 35
            41 31 43 38 35 45 37 46  33 30 44 36 39 42 34 32
            00
            """);
    assertThat(CredentialPartition.decode(bytes)).isEqualTo(credential("deadbeef", TOKEN));
  }

  @Test
  void encode_credentialThatDoesNotFit_isRefused() {
    assertThatExceptionOfType(InvalidCredentialException.class)
        .isThrownBy(() -> CredentialPartition.encode(credential("e".repeat(33), TOKEN)))
        .satisfies(
            e ->
                assertThat(e.reason())
                    .isEqualTo(InvalidCredentialException.Reason.ENDPOINT_TOO_LONG));
    assertThatExceptionOfType(InvalidCredentialException.class)
        .isThrownBy(() -> CredentialPartition.encode(credential("e", TOKEN + "00")))
        .satisfies(
            e -> assertThat(e.reason()).isEqualTo(InvalidCredentialException.Reason.KEY_TOO_LONG));
  }

  @Test
  void encodeUnchecked_anyContentOfAtMost32Bytes_isLaidOut() {
    byte[] longest = "z".repeat(32).getBytes(US_ASCII);
    assertThat(CredentialPartition.encodeUnchecked(longest, new byte[0]))
        .isEqualTo(partition("z".repeat(32), ""));
    assertThat(CredentialPartition.encodeUnchecked(new byte[0], longest))
        .isEqualTo(partition("", "z".repeat(32)));
  }

  @Test
  void encodeUnchecked_33Bytes_areRefusedWithTheLimit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialPartition.encodeUnchecked(new byte[33], new byte[0]))
        .withMessageContainingAll("endpoint", "33 bytes", "at most 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialPartition.encodeUnchecked(new byte[0], new byte[33]))
        .withMessageContainingAll("device token", "33 bytes", "at most 32");
  }

  @Test
  void encode_destroyedCredential_isRefused() {
    DeviceCredential credential = credential("deadbeef", TOKEN);
    credential.destroy();
    assertThatIllegalStateException().isThrownBy(() -> CredentialPartition.encode(credential));
  }

  @Test
  void encode_callerWipesTheBytes_credentialStays() {
    DeviceCredential credential = credential("deadbeef", TOKEN);
    Arrays.fill(CredentialPartition.encode(credential), (byte) 0);
    assertThat(credential).isEqualTo(credential("deadbeef", TOKEN));
  }

  @Test
  void decode_callerWipesItsArray_credentialStays() throws Exception {
    byte[] bytes = PARTITION.clone();
    DeviceCredential credential = CredentialPartition.decode(bytes);
    assertThat(bytes).isEqualTo(PARTITION);
    Arrays.fill(bytes, (byte) 0);
    assertThat(credential).isEqualTo(credential("deadbeef", TOKEN));
  }

  @Test
  void decode_twice_givesKeysOfTheirOwn() throws Exception {
    CredentialPartition.decode(PARTITION).destroy();
    assertThat(CredentialPartition.decode(PARTITION)).isEqualTo(credential("deadbeef", TOKEN));
  }
}
