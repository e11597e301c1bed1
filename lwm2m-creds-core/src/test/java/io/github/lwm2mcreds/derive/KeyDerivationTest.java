// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.GroupKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDerivationTest {
  private static final List<BiFunction<String, Integer, KeyDerivation>> LABELLED =
      List.of(KeyDerivation::hkdfSha256, KeyDerivation::counterModeHmacSha256);

  /** One HMAC each for extraction and for the one block, written out (RFC 5869 §2). */
  @Test
  void hkdfSha256_key_isMadeOfLabelZeroAndEndpoint() throws GeneralSecurityException {
    byte[] prk = hmac(new byte[32], GroupKeys.bytes(1));
    byte[] block = hmac(prk, utf8("label\0sensor-\u00e9\1"));

    assertThat(KeyDerivation.hkdfSha256("label").derive(key(1), "sensor-\u00e9").exposeBytes())
        .isEqualTo(Arrays.copyOf(block, 16));
  }

  /** One HMAC for the one block, written out (SP 800-108r1 §4.1). */
  @Test
  void counterMode_key_isMadeOfLabelZeroEndpointAndLength() throws GeneralSecurityException {
    byte[] input = utf8("\0\0\0\1label\0sensor-1\0\0\0\0");
    input[input.length - 1] = (byte) 128;
    assertThat(
            KeyDerivation.counterModeHmacSha256("label").derive(key(1), "sensor-1").exposeBytes())
        .isEqualTo(Arrays.copyOf(hmac(GroupKeys.bytes(1), input), 16));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  @Property(tries = 200)
  void derive_anySettings_givesStrongKeyOfTheLengthAskedForEachTime(
      @ForAll @AlphaChars @StringLength(min = 1, max = 64) String label,
      @ForAll @IntRange(min = 16, max = 64) int length,
      @ForAll("endpoints") String endpoint) {
    LABELLED.forEach(
        labelled -> {
          PreSharedKey psk = labelled.apply(label, length).derive(key(1), endpoint);

          assertThat(psk.length()).isEqualTo(length);
          assertThat(KeyPolicy.weaknesses(psk)).isEmpty();
          assertThat(labelled.apply(label, length).derive(key(1), endpoint)).isEqualTo(psk);
        });
  }

  /** Moving characters from the label to the endpoint changes the key, too. */
  @Property(tries = 300)
  void derive_otherLabelOrEndpointOrGroupKey_givesAnotherKey(
      @ForAll @AlphaChars @StringLength(min = 1, max = 3) String label,
      @ForAll @AlphaChars @StringLength(min = 1, max = 3) String otherLabel,
      @ForAll @AlphaChars @StringLength(min = 1, max = 3) String endpoint,
      @ForAll @AlphaChars @StringLength(min = 1, max = 3) String otherEndpoint,
      @ForAll @IntRange(min = 1, max = 3) int version,
      @ForAll @IntRange(min = 1, max = 3) int otherVersion) {
    Assume.that(
        !(label + "\0" + endpoint + version)
            .equals(otherLabel + "\0" + otherEndpoint + otherVersion));
    LABELLED.forEach(
        labelled ->
            assertThat(labelled.apply(label, 16).derive(key(version), endpoint))
                .isNotEqualTo(
                    labelled.apply(otherLabel, 16).derive(key(otherVersion), otherEndpoint)));
  }

  @Provide
  Arbitrary<String> endpoints() {
    return Arbitraries.strings()
        .withCharRange('!', '\u017e')
        .ofMinLength(1)
        .ofMaxLength(120)
        .filter(s -> s.chars().noneMatch(Character::isISOControl));
  }

  @Test
  void counterMode_otherLength_givesAnotherKeyFromTheStart() {
    byte[] shorter = KeyDerivation.counterModeHmacSha256("l", 16).derive(key(1), "e").exposeBytes();
    byte[] longer = KeyDerivation.counterModeHmacSha256("l", 32).derive(key(1), "e").exposeBytes();

    assertThat(Arrays.copyOf(longer, 16)).isNotEqualTo(shorter);
  }

  /** In UTF-8, Java would make a question mark of it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "a\ud800", "\udcff", "a\0b", "a\n", "\u0085"})
  void derive_whatIsNoEndpoint_isRefused(String endpoint) {
    LABELLED.forEach(
        labelled -> {
          KeyDerivation derivation = labelled.apply("label", 16);
          assertThat(derivation.accepts(endpoint)).isFalse();
          assertThatThrownBy(() -> derivation.derive(key(1), endpoint))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("is not usable");
        });
  }

  @Test
  void derive_longestEndpoint_isTakenAndNoneLonger() {
    KeyDerivation derivation = KeyDerivation.hkdfSha256("label");

    assertThat(derivation.accepts("\u00e9".repeat(126))).isTrue();
    assertThat(derivation.accepts("\u00e9".repeat(126) + "e")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "gr\u00fcn", "a\n"})
  void hkdfSha256_labelThatIsNone_isRefused(String label) {
    assertThatThrownBy(() -> KeyDerivation.hkdfSha256(label))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 64 printable ASCII");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 15, 65})
  void keyLength_outOfRange_isRefused(int length) {
    LABELLED.forEach(
        labelled ->
            assertThatThrownBy(() -> labelled.apply("label", length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 to 64 bytes"));
  }

  @Test
  void derive_destroyedGroupKey_throws() {
    GroupKey destroyed = key(1);
    destroyed.destroy();

    for (KeyDerivation derivation :
        List.of(KeyDerivation.hkdfSha256("label"), KeyDerivation.azureDps())) {
      assertThatThrownBy(() -> derivation.derive(destroyed, "sensor-1"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void toString_settings_areShown() {
    assertThat(KeyDerivation.hkdfSha256("acme", 32)).hasToString("HKDF-SHA256 'acme' 32 bytes");
    assertThat(KeyDerivation.azureDps()).hasToString("Azure DPS");
  }
}
