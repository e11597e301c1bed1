// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityCandidatesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sensor-1\n",
        "sensor-1\r\n",
        "sensor-1\0",
        "sensor-1\0garbage",
        "sensor-1 ",
        " sensor-1",
        "\ufeffsensor-1",
        "\"sensor-1\"",
        "'sensor-1'\n"
      })
  void of_identityWithMore_includesTheBareOne(String sent) {
    assertThat(IdentityCandidates.of(PskIdentity.of(sent)))
        .containsEntry(PskIdentity.of("sensor-1"), Mistake.IDENTITY_WITH_MORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sensor-1\n", "sensor-1\r\n", "sensor-1\0", "sensor-1 ", "\"sensor-1\""})
  void of_identityThatIsKnownWithMore_includesThat(String known) {
    assertThat(IdentityCandidates.of(PskIdentity.of("sensor-1")))
        .containsEntry(PskIdentity.of(known), Mistake.IDENTITY_WITH_MORE);
  }

  @Test
  void of_otherCase_includesBothCases() {
    assertThat(IdentityCandidates.of(PskIdentity.of("Sensor-1\n")))
        .containsEntry(PskIdentity.of("sensor-1"), Mistake.IDENTITY_IN_OTHER_CASE)
        .containsEntry(PskIdentity.of("SENSOR-1"), Mistake.IDENTITY_IN_OTHER_CASE);
  }

  @Test
  void of_composedAndDecomposedLetters_includeEachOther() {
    PskIdentity composed = PskIdentity.of("f\u00fchler");
    PskIdentity decomposed = PskIdentity.of("fu\u0308hler");

    assertThat(IdentityCandidates.of(composed))
        .containsEntry(decomposed, Mistake.IDENTITY_IN_OTHER_FORM);
    assertThat(IdentityCandidates.of(decomposed))
        .containsEntry(composed, Mistake.IDENTITY_IN_OTHER_FORM);
  }

  @Property
  void of_anyBytes_areAFewAndNotTheIdentityItself(@ForAll @Size(min = 1, max = 128) byte[] sent) {
    PskIdentity identity = PskIdentity.ofBytes(sent);

    assertThat(IdentityCandidates.of(identity)).hasSizeLessThan(20).doesNotContainKey(identity);
  }
}
