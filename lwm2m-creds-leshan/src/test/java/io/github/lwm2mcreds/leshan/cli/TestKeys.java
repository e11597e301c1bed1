// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Peers;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A private key and its certificate, made by keytool, in the files that commands take.
 *
 * @param folder where the files are
 * @param name of the owner, and of the files
 */
record TestKeys(Path folder, String name) {
  static final String PASSWORD = "correct horse";

  static TestKeys make(Path folder, String name, String algorithm) throws Exception {
    TestKeys keys = new TestKeys(folder, name);
    Peers.run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        name,
        "-dname",
        "CN=" + name,
        "-keyalg",
        algorithm,
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD,
        "-keystore",
        keys.p12());
    KeyStore keyStore = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(keys.p12()))) {
      keyStore.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keyStore.getKey(name, PASSWORD.toCharArray()).getEncoded();
    keys.write("key", pem("PRIVATE KEY", key));
    keys.write("crt", pem("CERTIFICATE", keyStore.getCertificate(name).getEncoded()));
    keys.write("pem", pem("PRIVATE KEY", key) + Files.readString(Path.of(keys.certificate())));
    keys.write("pass", PASSWORD + "\n");
    return keys;
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private void write(String ending, String text) throws Exception {
    Path file = Path.of(file(ending));
    Files.writeString(file, text);
    file.toFile().setReadable(false, false);
    file.toFile().setReadable(true, true);
  }

  private String file(String ending) {
    return folder.resolve(name + "." + ending).toString();
  }

  String p12() {
    return file("p12");
  }

  /** Returns the private key alone. */
  String key() {
    return file("key");
  }

  String certificate() {
    return file("crt");
  }

  /** Returns both in one file. */
  String pem() {
    return file("pem");
  }

  String passphrase() {
    return "@" + file("pass");
  }
}
