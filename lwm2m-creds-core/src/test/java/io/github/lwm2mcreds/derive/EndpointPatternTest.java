// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.CredentialGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointPatternTest {
  @ParameterizedTest
  @CsvSource({
    "sensor-%08x, sensor-0000beef",
    "sensor-%08X, sensor-0000BEEF",
    "sensor-%04d, sensor-0042",
    "sensor-%d, sensor-0",
    "sensor-%d, sensor-9223372036854775807",
    "sensor-%x, sensor-7fffffffffffffff",
    "%x-sensor, a0-sensor",
    "urn:uuid:, urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "urn:dev:mac:0024befffe%06x, urn:dev:mac:0024befffe804ff1",
    "sn-*, sn-007-888-abc:%x*",
    "*, a",
    "aa*aa, aaaaa",
  })
  void matches_endpointOfThePattern_isTrue(String pattern, String endpoint) {
    assertThat(EndpointPattern.parse(pattern).matches(endpoint)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "sensor-%08x, sensor-0000BEEF",
    "sensor-%08x, sensor-beef",
    "sensor-%08x, sensor-00000beef",
    "sensor-%08x, sensor-0000beeg",
    "sensor-%08x, Sensor-0000beef",
    "sensor-%08x, xsensor-0000beef",
    "sensor-%08x, sensor-0000beef~2",
    "sensor-%08x, ''",
    "sensor-%08X, sensor-0000beef",
    "sensor-%04d, sensor-00ab",
    "sensor-%d, sensor-",
    "sensor-%d, sensor-01",
    "sensor-%d, sensor-12345678901234567890",
    "sensor-%d, sensor-\u0661",
    "urn:uuid:, urn:uuid:",
    "urn:uuid:, urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bF6",
    "urn:uuid:, urn:uuid:f81d4fae07dec-11d0-a765-00a0c91e6bf6",
    "urn:uuid:, urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6b--",
    "sn-*, sn-",
    "sn-*, sn-a~b",
    "sn-*, sn-a b",
    "sn-*, sn-\u00e4",
    "sn-*, sn-\udcff",
    "aa*aa, aaaa",
    "aa*aa, aaa",
  })
  void matches_otherText_isFalse(String pattern, String endpoint) {
    assertThat(EndpointPattern.parse(pattern).matches(endpoint)).isFalse();
  }

  /** What a factory's template makes, the server's pattern of the same words takes. */
  @Property(tries = 300)
  void matches_whatTheGeneratorMakesOfTheSameWords_isTrue(
      @ForAll("templates") String template, @ForAll @LongRange(min = 0, max = 9999) long number) {
    String endpoint =
        CredentialGenerator.builder()
            .endpointTemplate(template)
            .firstNumber(number)
            .build()
            .next()
            .endpoint();

    assertThat(EndpointPattern.parse(template).matches(endpoint)).as(endpoint).isTrue();
  }

  @Provide
  Arbitrary<String> templates() {
    return Arbitraries.of(
        "urn:uuid:", "s-%d", "s-%x", "s-%X", "%08x", "%04d.acme", "s%016X", "urn:dev:mac:%016x");
  }

  /** As many steps as the longest endpoint has characters, at most: no text takes long. */
  @Property(tries = 500)
  void matches_anyText_isTotalAndFindsWhatItShows(
      @ForAll String text, @ForAll("patterns") String pattern) {
    EndpointPattern parsed = EndpointPattern.parse(pattern);

    if (parsed.matches(text)) {
      assertThat(text).hasSizeBetween(1, 123).matches("[!-}]+");
    }
    assertThat(parsed.matches("a".repeat(10_000_000))).isFalse();
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of("*", "%d", "%x", "%02X", "urn:uuid:", "a*");
  }

  /** Any text makes a pattern or is refused; nothing else comes out. */
  @Property(tries = 1_000)
  void parse_anyText_isTotal(@ForAll @From("patternLikeText") String text) {
    try {
      assertThatCode(() -> EndpointPattern.parse(text).matches("a")).doesNotThrowAnyException();
    } catch (AssertionError e) {
      assertThatThrownBy(() -> EndpointPattern.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("endpoint pattern");
    }
  }

  @Provide
  Arbitrary<String> patternLikeText() {
    return Arbitraries.strings().withChars("a%*~0189dxX \0\u00e9").ofMaxLength(12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "sensor", "a*b*", "%d%d", "%d*", "%8x", "%s", "a~*", "a b*", "\u00e4*", "%00x"
      })
  void parse_whatIsNoPattern_isRefused(String pattern) {
    assertThatThrownBy(() -> EndpointPattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the endpoint pattern '");
  }

  @ParameterizedTest
  @CsvSource({"104, %d", "107, %x", "115, %08x", "122, *"})
  void parse_longestEndpointsThatFit_areTakenAndNoLonger(int text, String wildcard) {
    EndpointPattern longest = EndpointPattern.parse("p".repeat(text) + wildcard);

    assertThat(longest.matches("p".repeat(123))).isEqualTo(wildcard.equals("*"));
    assertThat(longest.matches("p".repeat(124))).isFalse();
    assertThatThrownBy(() -> EndpointPattern.parse("p".repeat(text + 1) + wildcard))
        .hasMessageContaining("more than 123 characters");
  }

  @Test
  void parse_longestEndpointsWithTextOnBothSides_areTakenAndNoLonger() {
    EndpointPattern longest = EndpointPattern.parse("p".repeat(60) + "*" + "q".repeat(62));

    assertThat(longest.matches("p".repeat(61) + "q".repeat(62))).isTrue();
    assertThat(longest.matches("p".repeat(62) + "q".repeat(62))).isFalse();
    assertThatThrownBy(() -> EndpointPattern.parse("p".repeat(61) + "*" + "q".repeat(62)))
        .hasMessageContaining("more than 123 characters");
  }

  @ParameterizedTest
  @CsvSource({
    "sensor-%08x, meter-%08x, false",
    "sensor-%08x, sensor-%04x, false",
    "sensor-%08x, sensor-%d, true",
    "sensor-%08x, s*, true",
    "sensor-*, %x-sensor, true",
    "sensor-*-a, sensor-*-b, false",
    "%016x, %04x, false",
    "a-%08x-zzz, a-%04x-zzz, false",
    "a-%d-zzz, a-%08x-zzz, true",
    "a-%d-zzz, a-%019d-zzz, true",
    "a-%d-zzz, a-%020d-zzz, false",
    "urn:uuid:, urn:uuid:*, true",
    "urn:uuid:, urn:dev:mac:%016x, false",
    "*, meter-%08x, true",
  })
  void mayOverlap_patterns_isTrueUnlessTheyShowTheyDoNot(
      String pattern, String other, boolean expected) {
    EndpointPattern one = EndpointPattern.parse(pattern);
    EndpointPattern two = EndpointPattern.parse(other);

    assertThat(one.mayOverlap(two)).isEqualTo(expected);
    assertThat(two.mayOverlap(one)).isEqualTo(expected);
    assertThat(one.mayOverlap(one)).isTrue();
  }
}
