// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestIdentity.EC_SERVER;
import static io.github.lwm2mcreds.manifest.TestIdentity.FACTORY;
import static io.github.lwm2mcreds.manifest.TestIdentity.SERVER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import io.github.lwm2mcreds.manifest.ManifestSealer.Encryption;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealedManifestTest {
  private static final String CLEAR = "any text, as long as it is not a few bytes ".repeat(9000);

  @TempDir Path folder;

  private static byte[] seal(TestIdentity signer, Encryption encryption, TestIdentity... recipients)
      throws IOException {
    ManifestSealer.Builder builder = ManifestSealer.builder(signer.signer()).encryption(encryption);
    for (TestIdentity recipient : recipients) {
      builder.recipient(recipient.certificate());
    }
    ByteArrayOutputStream sealed = new ByteArrayOutputStream();
    try (SealedOutput out = builder.build().seal(sealed)) {
      out.write(CLEAR.getBytes(UTF_8));
      out.finish();
    }
    return sealed.toByteArray();
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("lot.p7m"), content);
  }

  private static String open(ManifestOpener opener, Path file) throws IOException {
    try (InputStream in = opener.open(file)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Reason refusal(ManifestOpener opener, Path file) {
    return catchThrowableOfType(ManifestException.class, () -> open(opener, file)).reason();
  }

  @ParameterizedTest
  @EnumSource
  void sealed_isOpenedByEachRecipient(Encryption encryption) throws Exception {
    byte[] sealed = seal(FACTORY, encryption, SERVER, EC_SERVER);
    Path file = file(sealed);

    assertThat(FACTORY.trusted().verify(file)).isEqualTo(FACTORY.certificate());
    assertThat(open(SERVER.opener(FACTORY), file)).isEqualTo(CLEAR);
    assertThat(open(EC_SERVER.opener(FACTORY), file)).isEqualTo(CLEAR);
    assertThat(new String(sealed, ISO_8859_1)).doesNotContain("any text");
  }

  @Test
  void sealed_byAnRsaKey_isOpened() throws Exception {
    Path file = file(seal(SERVER, Encryption.AES_256_GCM, EC_SERVER));

    assertThat(open(EC_SERVER.opener(SERVER), file)).isEqualTo(CLEAR);
  }

  @Test
  void sealed_bySomebodyElse_isRefused() throws Exception {
    TestIdentity other = TestIdentity.ec("other");
    Path file = file(seal(other, Encryption.AES_256_GCM, SERVER));

    assertThat(refusal(SERVER.opener(FACTORY), file)).isEqualTo(Reason.UNTRUSTED_SIGNER);
    assertThat(catchThrowableOfType(ManifestException.class, () -> FACTORY.trusted().verify(file)))
        .hasMessageContaining("CN=other");
  }

  @Test
  void sealed_forOthers_isRefused() throws Exception {
    Path file = file(seal(FACTORY, Encryption.AES_256_GCM, EC_SERVER));

    assertThat(refusal(SERVER.opener(FACTORY), file)).isEqualTo(Reason.NOT_A_RECIPIENT);
    assertThat(
            refusal(
                ManifestOpener.of(
                    FACTORY.trusted(), TestIdentity.ec("x").key(), EC_SERVER.certificate()),
                file))
        .isEqualTo(Reason.NOT_A_RECIPIENT);
  }

  @ParameterizedTest
  @EnumSource
  void sealed_cutAnywhere_isRefusedAsCut(Encryption encryption) throws Exception {
    byte[] sealed = seal(FACTORY, encryption, SERVER);

    for (int length = 64; length < sealed.length - 20; length += length < 3000 ? 97 : 9973) {
      Path file = file(Arrays.copyOf(sealed, length));
      assertThat(refusal(SERVER.opener(FACTORY), file))
          .as("at " + length)
          .isEqualTo(Reason.TRUNCATED);
    }
    assertThat(refusal(SERVER.opener(FACTORY), file(Arrays.copyOf(sealed, sealed.length - 20))))
        .isEqualTo(Reason.TRUNCATED);
  }

  @ParameterizedTest
  @EnumSource
  void sealed_changedAnywhere_isRefusedOrTheSame(Encryption encryption) throws Exception {
    byte[] sealed = seal(FACTORY, encryption, SERVER);

    for (int at = 0; at < sealed.length; at += at < 1000 || at > sealed.length - 1500 ? 7 : 9001) {
      byte[] changed = sealed.clone();
      changed[at] ^= 0x10;
      Path file = file(changed);
      try {
        assertThat(open(SERVER.opener(FACTORY), file)).isEqualTo(CLEAR);
      } catch (ManifestException e) {
        assertThat(e.reason())
            .isIn(
                Reason.ALTERED,
                Reason.TRUNCATED,
                Reason.NOT_SEALED,
                Reason.UNSIGNED,
                Reason.UNTRUSTED_SIGNER);
      }
    }
  }

  @Test
  void sealed_withMoreBehindIt_isRefused() throws Exception {
    byte[] sealed = seal(FACTORY, Encryption.AES_256_GCM, SERVER);
    byte[] more = Arrays.copyOf(sealed, sealed.length + 10);
    more[sealed.length + 5] = 'x';

    assertThat(refusal(SERVER.opener(FACTORY), file(more))).isEqualTo(Reason.ALTERED);
  }

  @Test
  void sealed_changedBetweenTheTwoReadings_isRefused() throws Exception {
    byte[] sealed = seal(FACTORY, Encryption.AES_256_CBC, SERVER);
    Path file = file(sealed);
    try (InputStream in = SERVER.opener(FACTORY).open(file)) {
      assertThat(in.read()).isEqualTo(CLEAR.charAt(0));
      sealed[sealed.length - 100] ^= 1; // of the signature, which is not needed to decrypt
      file(sealed);

      assertThat(catchThrowableOfType(ManifestException.class, in::readAllBytes).reason())
          .isEqualTo(Reason.ALTERED);
    }
  }

  @Test
  void file_thatIsNoSealedManifest_isRefused() throws Exception {
    for (String text : List.of("", "0", "endpoint,psk\n", "-----BEGIN CMS-----\n")) {
      assertThat(refusal(SERVER.opener(FACTORY), file(text.getBytes(UTF_8))))
          .isEqualTo(Reason.NOT_SEALED);
    }
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    try (SealedOutput out = CmsWriting.sign(signed, FACTORY.signer())) {
      out.write(CLEAR.getBytes(UTF_8));
      out.finish();
    }
    assertThat(refusal(SERVER.opener(FACTORY), file(signed.toByteArray())))
        .isEqualTo(Reason.NOT_SEALED);
  }

  @Test
  void output_thatIsNotFinished_isCut() throws Exception {
    ManifestSealer sealer =
        ManifestSealer.builder(FACTORY.signer()).recipient(SERVER.certificate()).build();
    ByteArrayOutputStream sealed = new ByteArrayOutputStream();
    try (SealedOutput out = sealer.seal(sealed)) {
      out.write(CLEAR.getBytes(UTF_8));
    }

    assertThat(refusal(SERVER.opener(FACTORY), file(sealed.toByteArray())))
        .isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void recipient_whoseCertificateDoesNotAllowIt_isRefused() {
    Duration day = Duration.ofDays(1);
    for (TestIdentity unsuitable :
        List.of(
            TestIdentity.rsa("small", 1024),
            TestIdentity.make("Ed25519", 255, "signs", -1, day),
            TestIdentity.make("EC", 256, "expired", -1, day.negated()),
            TestIdentity.make("EC", 256, "signs", KeyUsage.digitalSignature, day))) {
      ManifestSealer.Builder builder = ManifestSealer.builder(FACTORY.signer());
      assertThat(
              catchThrowableOfType(
                      ManifestException.class, () -> builder.recipient(unsuitable.certificate()))
                  .reason())
          .isEqualTo(Reason.UNSUITABLE_KEY);
    }
  }

  @Test
  void writer_thatSeals_makesALotThatAReaderOpens() throws Exception {
    Path file = folder.resolve("new.p7m");
    ManifestSealer sealer =
        ManifestSealer.builder(FACTORY.signer()).recipient(SERVER.certificate()).build();
    ManifestWriter.Builder builder =
        ManifestWriter.builder(ManifestFormat.CSV)
            .columns("board", "site")
            .lot("L-1")
            .sealedBy(sealer);
    try (ManifestWriter writer = builder.create(file)) {
      for (ManifestRow row : TestManifests.example()) {
        writer.write(row);
      }
      writer.finish();
    }

    TestManifests.Found found =
        TestManifests.all(ManifestReader.of(SERVER.opener(FACTORY).open(file), KeyPolicy.strict()));
    assertThat(found.entries()).isEqualTo(TestManifests.example());
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
  }

  /** Its signer may have signed it so. */
  @ParameterizedTest
  @ValueSource(strings = {"318201a7a18fffffff", "318488ffffff0000"})
  void signed_butDamagedBefore_isRefused(String end) throws Exception {
    byte[] damaged = HexFormat.of().parseHex("3080060b2a864886f70d0109100117a0803080020100" + end);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (SealedOutput signed = CmsWriting.sign(file, FACTORY.signer())) {
      signed.write(damaged);
      signed.finish();
    }
    Path sealed = Files.write(folder.resolve("damaged.p7m"), file.toByteArray());

    assertThatThrownBy(() -> EC_SERVER.opener(FACTORY).open(sealed))
        .isInstanceOf(ManifestException.class)
        .hasMessage("what was signed is damaged, and no sealed manifest; have it sealed again");
  }
}
