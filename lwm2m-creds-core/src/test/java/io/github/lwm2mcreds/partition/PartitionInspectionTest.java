// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.Samples.PARTITION;
import static io.github.lwm2mcreds.partition.Samples.TOKEN;
import static io.github.lwm2mcreds.partition.Samples.TUTORIAL_TOKEN;
import static io.github.lwm2mcreds.partition.Samples.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.partition.PartitionInspection.Finding;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionInspectionTest {
  private static final String ERASED = "\u00ff".repeat(33);

  private static List<Finding> findings(String endpoint, String token) {
    return PartitionInspection.of(partition(endpoint, token)).findings();
  }

  @Test
  void findings_goodPartition_areNone() {
    assertThat(PartitionInspection.of(PARTITION).findings()).isEmpty();
    assertThat(findings("a", TOKEN.toUpperCase(Locale.ROOT))).isEmpty();
    assertThat(findings("~".repeat(32), TOKEN)).isEmpty();
  }

  private static void assertOffset(Finding finding, String endpoint, String token) {
    assertThatExceptionOfType(PartitionFormatException.class)
        .isThrownBy(() -> CredentialPartition.decode(partition(endpoint, token)))
        .satisfies(e -> assertThat(finding.offset()).isEqualTo(e.offset()));
  }

  static Stream<Arguments> endpoints() {
    return Stream.of(
        Arguments.of(ERASED, "endpoint-erased", "serial number"),
        Arguments.of("e".repeat(33), "endpoint-not-terminated", "serial number"),
        Arguments.of("a\0b", "endpoint-dirt-after-terminator", "up to the first NUL"),
        Arguments.of("\0b", "endpoint-dirt-after-terminator", "without a name"),
        Arguments.of("caf\u00e9", "endpoint-not-ascii", "up to the first NUL"),
        Arguments.of("", "endpoint-empty", "without a name"));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void findings_wrongEndpoint_tellWhatTheDeviceMakesOfIt(
      String endpoint, String code, String consequence) {
    assertThat(findings(endpoint, TOKEN))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(code);
              assertOffset(finding, endpoint, TOKEN);
              assertThat(finding.message()).contains("the endpoint", "offset", consequence);
            });
  }

  static Stream<Arguments> tokens() {
    return Stream.of(
        Arguments.of(ERASED, "token-erased", "built-in key"),
        Arguments.of(TOKEN + "0", "token-not-terminated", "built-in key"),
        Arguments.of("8f\0" + "1", "token-dirt-after-terminator", "does not start"),
        Arguments.of("\u00e9" + TOKEN.substring(1), "token-not-ascii", "does not start"),
        Arguments.of("-" + TOKEN.substring(1), "token-not-hex", "does not start"),
        Arguments.of("g" + TOKEN.substring(1), "token-not-hex", "no server expects"),
        Arguments.of("8f1e", "token-wrong-length", "does not start"),
        Arguments.of("", "token-empty", "does not start"));
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void findings_wrongToken_tellWhatTheDeviceMakesOfIt(
      String token, String code, String consequence) {
    assertThat(findings("deadbeef", token))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(code);
              assertOffset(finding, "deadbeef", token);
              assertThat(finding.message()).contains("the device token", "offset", consequence);
            });
  }

  static Stream<Arguments> weakTokens() {
    return Stream.of(
        Arguments.of(TUTORIAL_TOKEN, "key-built-in-key"),
        Arguments.of("0".repeat(32), "key-all-bytes-equal"),
        Arguments.of("f8f9fafbfcfdfeff0001020304050607", "key-counting-sequence"));
  }

  @ParameterizedTest
  @MethodSource("weakTokens")
  void findings_weakKey_nameTheWeakness(String token, String code) {
    assertThat(findings("deadbeef", token))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(code);
              assertThat(finding.offset()).isEqualTo(33);
            });
  }

  @Test
  void findings_everythingWrong_nameTheEndpointFirst() {
    assertThat(findings(ERASED, ERASED))
        .extracting(Finding::code)
        .containsExactly("endpoint-erased", "token-erased");
    // g0 is 00 to the firmware
    assertThat(findings("", "g0".repeat(16)))
        .extracting(Finding::code)
        .containsExactly("endpoint-empty", "token-not-hex", "key-all-bytes-equal");
  }

  @Test
  void endpoint_anyContent_isGivenAsItIs() {
    assertThat(PartitionInspection.of(PARTITION).endpoint()).hasValue("deadbeef");
    assertThat(PartitionInspection.of(partition("a\n\u00e9", TOKEN)).endpoint())
        .hasValue("a\n\udce9");
    assertThat(PartitionInspection.of(partition("", TOKEN)).endpoint()).hasValue("");
    assertThat(PartitionInspection.of(partition(ERASED, TOKEN)).endpoint()).isEmpty();
  }

  @Test
  void of_otherThan66Bytes_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PartitionInspection.of(new byte[65]));
    assertThatIllegalArgumentException().isThrownBy(() -> PartitionInspection.of(new byte[67]));
  }

  @Test
  void destroy_inspection_destroysTheKey() {
    PartitionInspection inspection = PartitionInspection.of(PARTITION);
    assertThat(inspection.isDestroyed()).isFalse();
    inspection.destroy();
    assertThat(inspection.isDestroyed()).isTrue();
    assertThat(inspection.firmware().psk().orElseThrow().isDestroyed()).isTrue();
  }

  @Test
  void toString_inspection_namesSourcesAndFindings() {
    assertThat(PartitionInspection.of(partition("", "g0".repeat(16))))
        .hasToString(
            "PartitionInspection[FirmwareView[endpointSource=PARTITION, keySource=PARTITION],"
                + " findings=[endpoint-empty, token-not-hex, key-all-bytes-equal]]");
  }

  @Property(tries = 500)
  void findings_any66Bytes_areStableCodesAndOneLineMessages(@ForAll("any") byte[] bytes) {
    for (Finding finding : PartitionInspection.of(bytes).findings()) {
      assertThat(finding.code()).matches("(endpoint|token|key)(-[a-z]+)+");
      assertThat(finding.message()).matches("[ -~]+");
    }
  }

  @Provide
  Arbitrary<byte[]> any() {
    return Samples.anyPartitions();
  }
}
