// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestIdentity.EC_SERVER;
import static io.github.lwm2mcreds.manifest.TestIdentity.FACTORY;
import static io.github.lwm2mcreds.manifest.TestIdentity.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.manifest.ManifestSealer.Encryption;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sealed manifests in both directions between this library and OpenSSL's command line. */
class SealedManifestPeersTest {
  @TempDir Path folder;

  @BeforeEach
  void requireOpenssl() {
    Peers.require("openssl");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void writePem(TestIdentity identity, String name) throws Exception {
    identity.writeCertificate(folder.resolve(name + ".crt"));
    identity.writeKey(folder.resolve(name + ".key"));
  }

  private static void openssl(String line) throws Exception {
    Peers.run(("openssl cms " + line).split(" "));
  }

  @ParameterizedTest
  @EnumSource
  void sealedHere_isVerifiedAndDecryptedByOpenssl(Encryption encryption) throws Exception {
    byte[] clear =
        TestManifests.write(
            ManifestWriter.builder(ManifestFormat.CSV).columns("board", "site").lot("L-1"),
            TestManifests.example());
    ManifestSealer sealer =
        ManifestSealer.builder(FACTORY.signer())
            .recipient(SERVER.certificate())
            .recipient(EC_SERVER.certificate())
            .encryption(encryption)
            .build();
    try (OutputStream file = Files.newOutputStream(folder.resolve("lot.p7m"));
        SealedOutput sealed = sealer.seal(file)) {
      sealed.write(clear);
      sealed.finish();
    }
    writePem(FACTORY, "factory");
    writePem(SERVER, "server");
    writePem(EC_SERVER, "ec");

    openssl(
        ("-verify -binary -purpose any -inform DER -in %s -CAfile %s -out %s")
            .formatted(path("lot.p7m"), path("factory.crt"), path("sealed.der")));
    for (String server : List.of("server", "ec")) {
      openssl(
          ("-decrypt -binary -inform DER -in %s -recip %s -inkey %s -out %s")
              .formatted(
                  path("sealed.der"),
                  path(server + ".crt"),
                  path(server + ".key"),
                  path(server + ".csv")));
      assertThat(Files.readAllBytes(folder.resolve(server + ".csv"))).isEqualTo(clear);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "server, -aes-256-gcm, -keyopt rsa_padding_mode:oaep",
    "server, -aes-256-cbc, -keyopt rsa_padding_mode:oaep",
    "server, -aes-256-gcm, -stream",
    "ec,     -aes-256-gcm, -stream",
    "ec,     -aes-256-cbc, -keyopt ecdh_kdf_md:sha256"
  })
  void sealedByOpenssl_isOpenedHere(String server, String cipher, String options) throws Exception {
    TestIdentity recipient = server.equals("ec") ? EC_SERVER : SERVER;
    writePem(FACTORY, "factory");
    writePem(recipient, server);
    String clear = "endpoint,psk\n" + "a,8f1e6c0ad2b94735a1c85e7f30d69b42\n".repeat(5000);
    Files.writeString(folder.resolve("lot.csv"), clear);

    openssl(
        ("-encrypt -binary %s -outform DER -in %s -out %s -recip %s %s")
            .formatted(
                cipher, path("lot.csv"), path("sealed.der"), path(server + ".crt"), options));
    openssl(
        ("-sign -binary -nodetach -outform DER -in %s -out %s -signer %s -inkey %s")
            .formatted(
                path("sealed.der"), path("lot.p7m"), path("factory.crt"), path("factory.key")));

    try (InputStream in = recipient.opener(FACTORY).open(folder.resolve("lot.p7m"))) {
      assertThat(new String(in.readAllBytes())).isEqualTo(clear);
    }
  }
}
