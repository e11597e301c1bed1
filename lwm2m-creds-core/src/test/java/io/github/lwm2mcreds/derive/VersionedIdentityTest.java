// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PskIdentity;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionedIdentityTest {
  private static final int PLAIN = 7;

  @ParameterizedTest
  @CsvSource({
    "e, e, 7",
    "e~1, e, 1",
    "e~10, e, 10",
    "e~9999, e, 9999",
    "~2, '', 2",
    "e~2~3, e~2, 3"
  })
  void parse_identity_endsInTheVersion(String identity, String endpoint, int version) {
    assertThat(VersionedIdentity.parse(PskIdentity.of(identity), PLAIN))
        .isEqualTo(new VersionedIdentity(endpoint, version));
  }

  /** The characters beside the digits, what Java takes for a number, and what is too long. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "e~",
        "e~0",
        "e~01",
        "e~7",
        "e~1/",
        "e~1:",
        "e~+1",
        "e~-1",
        "e~1\u0662",
        "e~10000",
        "e~99999999999"
      })
  void parse_otherSuffix_isNoVersion(String identity) {
    assertThat(VersionedIdentity.parse(PskIdentity.of(identity), PLAIN).version()).isZero();
  }

  @Property(tries = 200)
  void format_anyVersion_isParsedAgain(
      @ForAll @IntRange(min = 1, max = 9999) int version,
      @ForAll @IntRange(min = 1, max = 9999) int plainVersion) {
    VersionedIdentity identity = new VersionedIdentity("sensor-1", version);

    assertThat(VersionedIdentity.parse(identity.format(plainVersion), plainVersion))
        .isEqualTo(identity);
  }
}
