// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.all;
import static io.github.lwm2mcreds.leshan.migration.Entries.credential;
import static io.github.lwm2mcreds.leshan.migration.Entries.credentials;
import static io.github.lwm2mcreds.leshan.migration.Entries.key;
import static io.github.lwm2mcreds.leshan.migration.Entries.notTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskFileStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScandiumPskFileTest {
  private static final String PASSWORD = "pass wörd";
  private static final SecretKeySpec SECRET =
      new SecretKeySpec(PASSWORD.getBytes(StandardCharsets.UTF_8), "PW");

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("psk.txt");
  }

  private static MultiPskFileStore store() {
    return new MultiPskFileStore()
        .addKey("dev-1", new SecretKeySpec(key(1), "PSK"))
        .addKey(" é😀 ", new SecretKeySpec(key(2), "PSK"))
        .addKey("weak", new SecretKeySpec(new byte[16], "PSK"));
  }

  private static ScandiumPskFile.Builder withPassword() {
    return ScandiumPskFile.builder().password(PASSWORD.toCharArray());
  }

  private List<SourceEntry> read() throws Exception {
    return all(ScandiumPskFile.builder().open(file()));
  }

  private List<SourceEntry> read(String text) throws Exception {
    Files.writeString(file(), text);
    return read();
  }

  @Test
  void plainFile_thatScandiumWrote_hasItsKeys() throws Exception {
    store().savePskCredentials(file().toString());

    List<SourceEntry> entries = read();

    assertThat(credentials(entries))
        .containsExactly(credential("dev-1", "dev-1", 1), credential(" é😀 ", " é😀 ", 2));
    assertThat(notTaken(entries)).containsExactly("weak WEAK_KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES/GCM/128", "AES/GCM/256", "AES/CBC/128", "AES/CBC/256"})
  void encryptedFile_thatScandiumWrote_hasItsKeys(String cipher) throws Exception {
    MultiPskFileStore store = store();
    store.setWriteCipher(cipher);
    store.savePskCredentials(file().toString(), SECRET);

    assertThat(credentials(all(withPassword().open(file()))))
        .containsExactly(credential("dev-1", "dev-1", 1), credential(" é😀 ", " é😀 ", 2));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(this::read)
        .extracting(SourceException::reason)
        .isEqualTo(Reason.ENCRYPTED);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(
            () -> all(ScandiumPskFile.builder().password("other".toCharArray()).open(file())))
        .extracting(SourceException::reason)
        .isEqualTo(Reason.WRONG_PASSWORD);
  }

  @Test
  void plainOrShortFile_withAPassword_isRefused() throws Exception {
    store().savePskCredentials(file().toString());
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> withPassword().open(file()))
        .withMessage("the file is not encrypted: it is read without a password");

    Files.write(file(), new byte[] {3, 1, 16, 1});
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> withPassword().open(file()))
        .extracting(SourceException::reason)
        .isEqualTo(Reason.TRUNCATED);
  }

  /** Scandium's store skips what is wrong and logs it, key and all. */
  @Test
  void linesOfEveryKind_areTakenOrNamedWithTheirNumber() throws Exception {
    String hex = HexFormat.of().formatHex(key(1));
    List<SourceEntry> entries =
        read(
            "# comment\n\na=:0x"
                + hex
                + "\r\nb\rc=!!!\nd=:0xab1\n=AQID\ne=\n"
                + "f=:0x"
                + hex.toUpperCase(Locale.ROOT)
                + "\ng="
                + "A".repeat(100)
                + "\n"
                + "x".repeat(5000)
                + "\nh=:0x"
                + hex);

    assertThat(credentials(entries))
        .containsExactly(credential("a", "a", 1), credential("f", "f", 1), credential("h", "h", 1));
    assertThat(notTaken(entries))
        .containsExactly(
            "- MALFORMED",
            "c MALFORMED",
            "d INVALID_VALUE",
            "- NO_ENDPOINT",
            "e NO_KEY",
            "g INVALID_VALUE",
            "- MALFORMED");
    assertThat(entries)
        .extracting(SourceEntry::number)
        .containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(entries.toString()).doesNotContain("!!!").doesNotContain("AAAA");
  }

  @Test
  void identity_thatIsNotUtf8_isNamed() throws Exception {
    Files.write(file(), new byte[] {(byte) 0xff, '=', 'A', 'Q', 'I', 'D'});

    assertThat(notTaken(read())).containsExactly("- MALFORMED");
  }

  @Test
  void endpoints_ofAMapping_areThose() throws Exception {
    store().savePskCredentials(file().toString());
    Map<PskIdentity, String> endpoints = Map.of(PskIdentity.of("dev-1"), "urn:dev:1");

    List<SourceEntry> entries =
        all(
            ScandiumPskFile.builder()
                .endpoints(identity -> Optional.ofNullable(endpoints.get(identity)))
                .open(file()));

    assertThat(credentials(entries)).containsExactly(credential("urn:dev:1", "dev-1", 1));
    assertThat(notTaken(entries)).containsExactly("- NO_ENDPOINT", "- NO_ENDPOINT");
  }

  @Test
  void emptyFile_isEmpty() throws Exception {
    assertThat(read("")).isEmpty();
  }
}
