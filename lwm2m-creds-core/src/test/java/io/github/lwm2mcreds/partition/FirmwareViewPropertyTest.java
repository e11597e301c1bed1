// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.partition.FirmwareView.EndpointSource;
import io.github.lwm2mcreds.partition.FirmwareView.KeySource;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/**
 * The firmware's reading against a second model of it, made of text and numbers: a partition is a
 * string of 66 characters, a key the number that its 32 letters are.
 */
class FirmwareViewPropertyTest {
  private static final Pattern ENDPOINT_SET = Pattern.compile("(?s)(.{32})\0.{33}");
  private static final Pattern TOKEN_NOT_SET = Pattern.compile("(?s).{65}[^\0]");
  private static final Pattern TOKEN_DECODES = Pattern.compile("(?s).{33}([0-9A-Za-z]{32})\0");
  private static final BigInteger BUILT_IN = new BigInteger("000102030405060708090a0b0c0d0e0f", 16);

  private static Optional<String> modelEndpoint(String partition) {
    var matcher = ENDPOINT_SET.matcher(partition);
    return matcher.matches() ? Optional.of(matcher.group(1).split("\0", 2)[0]) : Optional.empty();
  }

  private static KeySource modelKeySource(String partition) {
    if (TOKEN_NOT_SET.matcher(partition).matches()) {
      return KeySource.BUILT_IN;
    }
    return TOKEN_DECODES.matcher(partition).matches() ? KeySource.PARTITION : KeySource.NONE;
  }

  /** The key as a number, base 36 for digits and base 256 for pairs of them. */
  private static Optional<BigInteger> modelKey(String partition) {
    return switch (modelKeySource(partition)) {
      case BUILT_IN -> Optional.of(BUILT_IN);
      case NONE -> Optional.empty();
      case PARTITION ->
          Optional.of(
              IntStream.range(0, 16)
                  .mapToObj(i -> partition.substring(33 + 2 * i, 35 + 2 * i))
                  .map(
                      pair ->
                          16 * Integer.parseInt(pair.substring(0, 1), 36)
                              + Integer.parseInt(pair.substring(1), 36))
                  .map(value -> BigInteger.valueOf(value % 256))
                  .reduce(BigInteger.ZERO, (key, value) -> key.shiftLeft(8).add(value)));
    };
  }

  @Provide
  Arbitrary<byte[]> any() {
    return Samples.anyPartitions();
  }

  @Provide
  Arbitrary<byte[]> valid() {
    return Samples.validPartitions();
  }

  @Property(tries = 3000)
  @StatisticsReport(StatisticsReportMode.OFF)
  void of_any66Bytes_isWhatTheSecondModelSays(@ForAll("any") byte[] bytes) {
    FirmwareView view = FirmwareView.of(bytes);
    String text = new String(bytes, ISO_8859_1);
    assertThat(view.endpointBytes().map(b -> new String(b, ISO_8859_1)))
        .isEqualTo(modelEndpoint(text));
    assertThat(view.endpointSource() == EndpointSource.PARTITION)
        .isEqualTo(modelEndpoint(text).isPresent());
    assertThat(view.keySource()).isEqualTo(modelKeySource(text));
    assertThat(view.psk().map(psk -> new BigInteger(1, psk.exposeBytes())))
        .isEqualTo(modelKey(text));
    assertThat(view.starts()).isEqualTo(modelKey(text).isPresent());
    Statistics.label("key source").collect(view.keySource());
    Statistics.label("key source")
        .coverage(
            coverage -> {
              for (KeySource source : KeySource.values()) {
                coverage.check(source).percentage(share -> share > 10);
              }
            });
  }

  @Property(tries = 500)
  void of_whatStrictDecodeAccepts_isTheSameEndpointAndKey(@ForAll("valid") byte[] bytes)
      throws PartitionFormatException {
    assertAgrees(CredentialPartition.decode(bytes), FirmwareView.of(bytes));
  }

  @Property(tries = 1000)
  void of_any66BytesThatStrictDecodeAccepts_isTheSameEndpointAndKey(@ForAll("any") byte[] bytes) {
    try {
      assertAgrees(CredentialPartition.decode(bytes), FirmwareView.of(bytes));
    } catch (PartitionFormatException refused) {
      assertThat(PartitionInspection.of(bytes).findings()).isNotEmpty();
    }
  }

  private static void assertAgrees(DeviceCredential credential, FirmwareView view) {
    assertThat(view.endpointSource()).isEqualTo(EndpointSource.PARTITION);
    assertThat(view.endpointName("serial")).isEqualTo(credential.endpoint());
    assertThat(view.endpointBytes().orElseThrow()).isEqualTo(credential.pskIdentity().toBytes());
    assertThat(view.keySource()).isEqualTo(KeySource.PARTITION);
    assertThat(view.psk()).hasValue(credential.psk());
    assertThat(view.starts()).isTrue();
  }
}
