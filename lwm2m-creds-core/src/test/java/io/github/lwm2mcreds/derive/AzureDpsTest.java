// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureDpsTest {
  private final KeyDerivation azure = KeyDerivation.azureDps();

  /** Azure documentation, "How to provision legacy devices using symmetric keys". */
  @Test
  void derive_exampleOfAzureDocumentation_agrees() {
    GroupKey groupKey =
        GroupKey.copyOf(
            1,
            Base64.getDecoder()
                .decode(
                    "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChb"
                        + "qOS9Egw=="));

    assertThat(azure.derive(groupKey, "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6").exposeBytes())
        .isEqualTo(Base64.getDecoder().decode("Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "z", "0", "9", "sn-1", "a.b_c:d-9", "ends-with-dash-", "-a"})
  void accepts_registrationId_isTrue(String endpoint) {
    assertThat(azure.accepts(endpoint)).isTrue();
    assertThat(azure.derive(GroupKeys.key(1), endpoint).length()).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "SN-1", "sn 1", "a.", "a:", "a_", "a/b", "a`", "a{", "a/", "a~2", "ä", "a\0", "\ud800"
      })
  void accepts_otherText_isFalse(String endpoint) {
    assertThat(azure.accepts(endpoint)).isFalse();
    assertThatThrownBy(() -> azure.derive(GroupKeys.key(1), endpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("registration id");
  }

  @Test
  void accepts_atItsLongest_isTrueAndNoLonger() {
    assertThat(azure.accepts("a".repeat(128))).isTrue();
    assertThat(azure.accepts("a".repeat(129))).isFalse();
  }
}
