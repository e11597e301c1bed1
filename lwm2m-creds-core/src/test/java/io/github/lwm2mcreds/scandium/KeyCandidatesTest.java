// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCandidatesTest {
  private static final String HEX = "8f1e6c0ad2b94735a1c85e7f30d69b42";

  @ParameterizedTest
  @CsvSource({
    // the device's key in hex, the mistake, its detail
    "3866316536633061643262393437333561316338356537663330643639623432, HEX_AS_TEXT, ''",
    "3846314536433041443242393437333541314338354537463330443639423432, HEX_AS_TEXT, ''",
    "38663165366330616432623934373335613163383565376633306436396234320d0a, HEX_AS_TEXT,"
        + " with CR LF behind it",
    "8f1e6c0ad2b94735a1c85e7f30d69b420a, KEY_WITH_MORE, with a line feed behind it",
    "8f1e6c0ad2b94735a1c85e7f30d69b4200, KEY_WITH_MORE, with a NUL behind it",
    "429bd6307f5ec8a13547b9d20a6c1e8f, KEY_REVERSED, ''",
    "1e6c0ad2b94735a1c85e7f30d69b42, KEY_CUT, all but its first byte",
    "8f1e6c0ad2b94735a1c85e7f30d69b, KEY_CUT, all but its last byte",
    "38663165366330616432623934373335, KEY_CUT, the first 16 of its hex digits as text",
    "8f1e6c0ad2b94735a1c85e7f30d69b4200000000000000000000000000000000, KEY_WITH_MORE,"
        + " with NULs up to 32 bytes"
  })
  void find_mistakeWithABinaryKey_isFound(String device, Mistake mistake, String detail) {
    assertThat(find(hex(HEX), hex(device))).contains(new Diagnosis(mistake, detail));
  }

  @Test
  void find_base64AsText_isFoundWithAndWithoutPadding() {
    byte[] key = hex(HEX);

    assertThat(find(key, ascii("jx5sCtK5RzWhyF5/MNabQg==")))
        .contains(new Diagnosis(Mistake.BASE64_AS_TEXT, ""));
    assertThat(find(key, ascii("jx5sCtK5RzWhyF5/MNabQg\n")))
        .contains(new Diagnosis(Mistake.BASE64_AS_TEXT, "with a line feed behind it"));
  }

  @ParameterizedTest
  @CsvSource({
    // the server's key as text, the device's as hex, the mistake
    "8f1e6c0ad2b94735, 8f1e6c0ad2b94735, TEXT_AS_HEX",
    "8F1E6C0AD2B94735, 38663165366330616432623934373335, KEY_IN_OTHER_CASE",
    "8f1e6c0ad2b94735, 38463145364330414432423934373335, KEY_IN_OTHER_CASE",
    "jx5sCtK5RzWhyF5/MNabQg==, 8f1e6c0ad2b94735a1c85e7f30d69b42, TEXT_AS_BASE64"
  })
  void find_mistakeWithAKeyThatIsText_isFound(String server, String device, Mistake mistake) {
    assertThat(find(ascii(server), hex(device))).contains(new Diagnosis(mistake, ""));
  }

  @Test
  void find_serversKeyHasTheLineEnd_isFound() {
    assertThat(find(ascii("8f1e6c0ad2b94735\n"), ascii("8f1e6c0ad2b94735")))
        .map(Diagnosis::mistake)
        .contains(Mistake.KEY_CUT);
    assertThat(find(ascii("8f1e6c0ad2b94735\r\n"), hex("8f1e6c0ad2b94735")))
        .contains(new Diagnosis(Mistake.TEXT_AS_HEX, ""));
  }

  @Test
  void find_keyCopiedAsString_endsAtItsNul() {
    assertThat(find(hex("8f1e6c00d2b94735a1c85e7f30d69b42"), hex("8f1e6c")))
        .contains(new Diagnosis(Mistake.KEY_CUT, "what is in front of its first NUL"));
  }

  @Test
  void find_longKeyInAShortBuffer_isFound() {
    byte[] key = hex(HEX + "00" + HEX);

    assertThat(find(key, hex(HEX)).map(Diagnosis::mistake)).contains(Mistake.KEY_CUT);
    assertThat(find(key, Arrays.copyOf(key, 32)).map(Diagnosis::mistake)).contains(Mistake.KEY_CUT);
  }

  @Test
  void find_nothingFits_isEmpty() {
    assertThat(KeyCandidates.find(hex(HEX), key -> false)).isEmpty();
  }

  @Test
  void find_afterwards_allKeysTriedAreWiped() {
    List<byte[]> tried = new ArrayList<>();
    KeyCandidates.find(
        hex(HEX),
        key -> {
          tried.add(key);
          return false;
        });

    assertThat(tried).hasSizeGreaterThan(20).allMatch(key -> isZero(key));
  }

  private static boolean isZero(byte[] key) {
    return Arrays.equals(key, new byte[key.length]);
  }

  @Property
  void of_anyKey_areAFewAndNeverTheKeyItself(@ForAll @Size(min = 1, max = 64) byte[] key) {
    byte[] before = key.clone();

    assertThat(KeyCandidates.of(key))
        .hasSizeLessThan(60)
        .noneMatch(candidate -> Arrays.equals(candidate.key(), before))
        .noneMatch(candidate -> candidate.key().length == 0);
    assertThat(key).isEqualTo(before);
  }

  private static Optional<Diagnosis> find(byte[] server, byte[] device) {
    return KeyCandidates.find(server, key -> Arrays.equals(key, device));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
