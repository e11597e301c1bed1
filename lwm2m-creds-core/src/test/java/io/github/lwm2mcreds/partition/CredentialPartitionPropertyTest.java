// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

class CredentialPartitionPropertyTest {
  @Provide
  Arbitrary<byte[]> valid() {
    return Samples.validPartitions();
  }

  @Provide
  Arbitrary<byte[]> any() {
    return Samples.anyPartitions();
  }

  @Provide
  Arbitrary<byte[]> anyLength() {
    return Combinators.combine(Samples.anyPartitions(), Arbitraries.integers().between(0, 200))
        .as(Arrays::copyOf);
  }

  @Provide
  Arbitrary<DeviceCredential> credentials() {
    Arbitrary<PreSharedKey> keys =
        Arbitraries.bytes().array(byte[].class).ofSize(16).map(PreSharedKey::copyOf);
    return Combinators.combine(Samples.endpoints(), keys).as(DeviceCredential::of);
  }

  @Property(tries = 500)
  void roundTrip_anyCredential_givesItBack(@ForAll("credentials") DeviceCredential credential)
      throws PartitionFormatException {
    byte[] bytes = CredentialPartition.encode(credential);
    assertThat(CredentialPartition.decode(bytes)).isEqualTo(credential);
  }

  @Property(tries = 500)
  void encode_decodedBytes_areTheSameBytes(@ForAll("valid") byte[] bytes)
      throws PartitionFormatException {
    assertEncodesTo(CredentialPartition.decode(bytes), bytes);
  }

  /** Byte for byte, but for upper-case digits in the token. */
  private static void assertEncodesTo(DeviceCredential credential, byte[] bytes) {
    String text = new String(bytes, US_ASCII);
    String expected = text.substring(0, 33) + text.substring(33).toLowerCase(Locale.ROOT);
    assertThat(CredentialPartition.encode(credential)).isEqualTo(expected.getBytes(US_ASCII));
  }

  @Property(tries = 1000)
  void decode_bytesNearAPartition_giveACredentialOrTheOneException(
      @ForAll("anyLength") byte[] bytes) {
    assertDecodesOrIsRefused(bytes);
  }

  @Property(tries = 500)
  void decode_anyBytes_giveACredentialOrTheOneException(
      @ForAll @Size(min = 0, max = 300) byte[] bytes) {
    assertDecodesOrIsRefused(bytes);
  }

  @Property(tries = 1000)
  @StatisticsReport(StatisticsReportMode.OFF)
  void decode_any66Bytes_areReadAsTheyAreOrRefused(@ForAll("any") byte[] bytes) {
    Statistics.collect(assertDecodesOrIsRefused(bytes) ? "accepted" : "refused");
    Statistics.coverage(
        coverage -> {
          coverage.check("accepted").percentage(share -> share > 5);
          coverage.check("refused").percentage(share -> share > 50);
        });
  }

  private static boolean assertDecodesOrIsRefused(byte[] bytes) {
    try {
      assertEncodesTo(CredentialPartition.decode(bytes), bytes);
      return true;
    } catch (PartitionFormatException e) {
      assertThat(e.reason()).isNotNull();
      assertThat(e.offset()).isBetween(0, 66);
      return false;
    }
  }

  /** All 66 × 255 changes of one byte. */
  @Property(tries = 3)
  void decode_anySingleByteChanged_isNoticedOrOnlyTheCaseOfADigit(@ForAll("valid") byte[] bytes)
      throws PartitionFormatException {
    DeviceCredential original = CredentialPartition.decode(bytes);
    for (int at = 0; at < bytes.length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        if (changed[at] != bytes[at]) {
          assertNoticed(original, changed, at >= 33 && sameDigit(bytes[at], changed[at]));
        }
      }
    }
  }

  private static void assertNoticed(
      DeviceCredential original, byte[] changed, boolean onlyCaseChanged) {
    try {
      assertThat(CredentialPartition.decode(changed).equals(original)).isEqualTo(onlyCaseChanged);
    } catch (PartitionFormatException refused) {
      assertThat(onlyCaseChanged).isFalse();
    }
  }

  private static boolean sameDigit(byte one, byte other) {
    String left = Character.toString(one & 0xff).toLowerCase(Locale.ROOT);
    String right = Character.toString(other & 0xff).toLowerCase(Locale.ROOT);
    return left.equals(right) && left.matches("[a-f]");
  }
}
