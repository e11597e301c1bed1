// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.KeyGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A wrapping key that does not leave its HSM, which here is SoftHSM behind Java's PKCS#11 provider.
 * It reads its configuration from the environment, so a JVM of its own does the work.
 */
class HardwareKeyTest {
  private static final List<String> LIBRARIES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib64/softhsm/libsofthsm.so");
  private static final String PIN = "1234";

  @TempDir private Path folder;

  @Test
  void keyStore_keyThatCannotBeExtracted_wrapsAndUnwraps() throws Exception {
    Peers.require("softhsm2-util");
    String library =
        LIBRARIES.stream().filter(p -> Files.exists(Path.of(p))).findFirst().orElseThrow();
    Path config =
        Files.writeString(
            folder.resolve("softhsm2.conf"), "directories.tokendir = " + folder + "\n");
    Path provider =
        Files.writeString(
            folder.resolve("pkcs11.cfg"),
            """
            name = Test
            library = %s
            slotListIndex = 0
            attributes(generate, CKO_SECRET_KEY, CKK_AES) = {
              CKA_EXTRACTABLE = false
              CKA_SENSITIVE = true
            }
            """
                .formatted(library));

    run(
        config,
        List.of(
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "test",
            "--pin",
            PIN,
            "--so-pin",
            PIN));
    run(
        config,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HardwareKeyTest.class.getName(),
            provider.toString()));
  }

  private void run(Path config, List<String> command) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("SOFTHSM2_CONF", config.toString());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command.get(0), Files.readString(output)).isZero();
  }

  /** What the other JVM does; an exception ends it with another status than 0. */
  public static void main(String[] args) throws Exception {
    Provider provider = Security.getProvider("SunPKCS11").configure(args[0]);
    KeyStore keyStore = KeyStore.getInstance("PKCS11", provider);
    keyStore.load(null, PIN.toCharArray());
    for (String alias : List.of("one", "two")) {
      KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
      generator.init(256);
      keyStore.setEntry(alias, new KeyStore.SecretKeyEntry(generator.generateKey()), null);
    }
    assertThat(keyStore.getKey("one", null).getEncoded()).isNull();

    assertWraps(keyStore); // the provider is known to the key store only
    Security.addProvider(provider);
    assertWraps(keyStore);
  }

  private static void assertWraps(KeyStore keyStore) {
    byte[] storeKey = TestKeys.bytes(0x5a);
    KeyWrapper wrapper = KeyWrappers.keyStore(keyStore, "one", null);
    byte[] wrapped = wrapper.wrap(storeKey);
    assertThat(wrapper.unwrap(wrapped)).isEqualTo(storeKey);
    assertThatThrownBy(() -> KeyWrappers.keyStore(keyStore, "two", null).unwrap(wrapped))
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining("the key 'two' of the PKCS11 key store is not the wrapping key");
  }
}
