// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestIdentity.FACTORY;
import static io.github.lwm2mcreds.manifest.TestIdentity.SERVER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import io.github.lwm2mcreds.manifest.ManifestReceipt.NotTaken;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReceiptTest {
  private static final ManifestReceipt RECEIPT =
      new ManifestReceipt(
          new Lot("L-1", 3, "0".repeat(64)),
          Instant.parse("2026-11-26T10:00:00Z"),
          1,
          List.of(
              new NotTaken(3, Optional.of("s\u00e9nsor"), "WEAK_KEY", "the key \"x\" is weak"),
              new NotTaken(4, Optional.empty(), "MALFORMED", "no row")));

  @TempDir Path folder;

  private Path signed(String text) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SealedOutput signed = CmsWriting.sign(out, SERVER.signer());
    signed.write(text.getBytes(UTF_8));
    signed.finish();
    return Files.write(folder.resolve("receipt.p7m"), out.toByteArray());
  }

  private Path signed(ManifestReceipt receipt) throws Exception {
    Path file = folder.resolve("receipt.p7m");
    try (OutputStream out = Files.newOutputStream(file)) {
      receipt.sign(SERVER.signer(), out);
    }
    return file;
  }

  private static Reason refusal(Path file, TestIdentity trusted) {
    return catchThrowableOfType(
            ManifestException.class, () -> ManifestReceipt.verify(file, trusted.trusted()))
        .reason();
  }

  @Test
  void receipt_signed_isVerifiedAndRead() throws Exception {
    assertThat(ManifestReceipt.verify(signed(RECEIPT), SERVER.trusted())).isEqualTo(RECEIPT);
  }

  @Test
  void receipt_ofAnotherOrAltered_isRefused() throws Exception {
    Path file = signed(RECEIPT);
    assertThat(refusal(file, FACTORY)).isEqualTo(Reason.UNTRUSTED_SIGNER);

    String altered = Files.readString(file, ISO_8859_1).replace("\"taken\":1", "\"taken\":3");
    Files.writeString(file, altered, ISO_8859_1);
    assertThat(refusal(file, SERVER)).isEqualTo(Reason.ALTERED);
  }

  @Test
  void signedText_thatIsNoReceipt_isRefused() throws Exception {
    for (String text :
        List.of(
            "", "x", "{}", "{\"receipt\":\"L-1\",\"count\":1}", "endpoint,psk\n", "{\"a\":{}}")) {
      assertThat(refusal(signed(text), SERVER)).isEqualTo(Reason.NOT_A_RECEIPT);
    }
  }

  @Test
  void receipt_isShownByOpenssl() throws Exception {
    Peers.require("openssl");
    Path certificate = SERVER.writeCertificate(folder.resolve("server.crt"));
    Path shown = folder.resolve("shown.json");

    Peers.run(
        ("openssl cms -verify -binary -purpose any -inform DER -in %s -CAfile %s -out %s")
            .formatted(signed(RECEIPT), certificate, shown)
            .split(" "));

    assertThat(shown)
        .hasContent(
            """
            {"receipt":"L-1","count":3,"sha256":"%s","time":"2026-11-26T10:00:00Z","taken":1,"notTaken":2}
            {"line":3,"endpoint":"s\\u00e9nsor","reason":"WEAK_KEY","message":"the key \\"x\\" is weak"}
            {"line":4,"reason":"MALFORMED","message":"no row"}
            """
                .formatted("0".repeat(64)));
  }

  @Test
  void sign_withoutBouncyCastle_namesWhatIsMissing() throws Exception {
    URL classes = ManifestReceipt.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      Class<?> guard = alone.loadClass(TrustedSigners.class.getName());
      Object signers =
          guard
              .getMethod("of", X509Certificate[].class)
              .invoke(null, (Object) new X509Certificate[] {SERVER.certificate()});
      Throwable thrown =
          catchThrowableOfType(
                  InvocationTargetException.class,
                  () -> guard.getMethod("verify", Path.class).invoke(signers, signed(RECEIPT)))
              .getCause();

      assertThat(thrown.getClass().getName()).isEqualTo(ManifestException.class.getName());
      assertThat(thrown).hasMessageContaining("bcpkix-jdk18on");
    }
  }
}
