// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.derive.GroupKey;
import io.github.lwm2mcreds.derive.KeyDerivation;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, identities, keys and patterns that may be anything. */
@Timeout(Hostile.SECONDS)
class TextFuzzTest {
  static Stream<byte[]> texts() {
    return Stream.of(
            "plain",
            " \\u202e\\\\ \u202e\u2066a\u2069 ",
            "\u001b[31m\r\n\u0085\u2028\ud83d\ude00",
            "e\u0301\ufe0f\u3164\u200b|\u00e9")
        .map(text -> text.getBytes(UTF_8));
  }

  /** Two texts, each with half of the bytes. */
  @MethodSource("texts")
  @FuzzTest
  void printable_anyTwoTexts_areHarmlessAndDiffer(byte[] bytes) {
    int half = bytes.length / 2;
    String one = text(Arrays.copyOf(bytes, half));
    String other = text(Arrays.copyOfRange(bytes, half, bytes.length));
    Hostile.requireHarmless(Printable.escape(one));
    assertThat(Printable.escape(one).equals(Printable.escape(other))).isEqualTo(one.equals(other));
  }

  /** UTF-8, or as code units, which may be lone surrogates. */
  private static String text(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] >= 0) {
      return new String(bytes, UTF_8);
    }
    StringBuilder units = new StringBuilder();
    for (int i = 1; i + 1 < bytes.length; i += 2) {
      units.append((char) ((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff));
    }
    return units.toString();
  }

  @MethodSource("texts")
  @FuzzTest
  void identity_anyBytes_isTakenOrRefused(byte[] bytes) throws Exception {
    Optional<PskIdentity> identity =
        Hostile.decode(
            bytes.length, () -> PskIdentity.ofBytes(bytes), InvalidCredentialException.class);
    if (identity.isPresent()) {
      assertThat(identity.get().toBytes()).isEqualTo(bytes);
      assertThat(PskIdentity.of(identity.get().asString())).isEqualTo(identity.get());
      Hostile.requireHarmless(identity.get().toString());
    }
    String text = text(bytes);
    Hostile.decode(bytes.length, () -> PskIdentity.of(text), InvalidCredentialException.class);
    Hostile.decode(
        bytes.length,
        () -> DeviceCredential.requireEndpoint(text),
        InvalidCredentialException.class);
  }

  @FuzzTest
  void key_anyBytes_isTakenOrRefused(byte[] bytes) throws Exception {
    Hostile.decode(bytes.length, () -> PreSharedKey.ofHex(bytes), InvalidCredentialException.class)
        .ifPresent(
            key ->
                assertThat(HexFormat.of().formatHex(key.exposeBytes()))
                    .isEqualToIgnoringCase(new String(bytes, ISO_8859_1)));
    Optional<PreSharedKey> key =
        Hostile.decode(
            bytes.length, () -> PreSharedKey.copyOf(bytes), InvalidCredentialException.class);
    if (key.isPresent()) {
      assertThat(key.get().exposeBytes()).isEqualTo(bytes);
      Hostile.requireHarmless(KeyPolicy.weaknesses(key.get()).toString());
    }
  }

  static Stream<byte[]> patterns() {
    return Stream.of("sensor-%08x", "a-%d", "%X-b", "urn:uuid:", "urn:dev:os:0-%05d", "s*e")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("patterns")
  @FuzzTest
  void pattern_anyText_isTakenOrRefused(byte[] bytes) throws Exception {
    String text = text(bytes);
    Optional<CredentialGenerator> generator =
        Hostile.decode(
            bytes.length, () -> CredentialGenerator.of(text), IllegalArgumentException.class);
    Optional<DeviceGroup> group =
        Hostile.decode(
            bytes.length,
            () -> DeviceGroup.of(text, KeyDerivation.hkdfSha256("a"), key()),
            IllegalArgumentException.class);
    if (generator.isPresent() && group.isPresent()) {
      DeviceCredential made = generator.get().next();
      assertThat(group.get().credential(made.endpoint()).endpoint()).isEqualTo(made.endpoint());
    }
  }

  private static GroupKey key() {
    byte[] secret = new byte[32];
    new SecureRandom(new byte[] {1}).nextBytes(secret);
    return GroupKey.copyOf(1, secret);
  }
}
