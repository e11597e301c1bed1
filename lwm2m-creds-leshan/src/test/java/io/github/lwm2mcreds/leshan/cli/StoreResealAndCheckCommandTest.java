// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreResealAndCheckCommandTest {
  /** Replaces the sealed key of b with that of a. */
  private static final String DAMAGE =
      "UPDATE lwm2m_creds_credential"
          + " SET sealed = (SELECT max(sealed) FROM lwm2m_creds_credential WHERE endpoint = x'61')"
          + " WHERE endpoint = x'62'";

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    store.add("a", TOKEN);
    store.add("b", OTHER_TOKEN);
  }

  @Test
  void check_ofASoundStore_findsNothing() {
    Cli run = store.run("check");

    assertThat(run.code()).isZero();
    assertThat(run.out().strip()).isEqualTo("credentials: 2, findings: none");
  }

  @Test
  void check_namesWhatDoesNotOpen_andGoesOn() {
    store.tamper(DAMAGE);

    Cli run = store.run("check");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("b: "),
            line -> assertThat(line).isEqualTo("credentials: 2, findings: 1"));
  }

  @Test
  void check_namesDevicesThatShareAKey_byItsCheckValue() {
    store.add("c", TOKEN);
    store.add("d", TOKEN);
    String checkValue =
        store.run("show", "c").out().replaceAll("(?s).*check value +(\\w+).*", "$1");

    Cli run = store.run("check");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("c: the key, with the check value " + checkValue)
                    .contains(", is also that of 'a'"),
            line -> assertThat(line).startsWith("d: ").contains("is also that of 'a'"),
            line -> assertThat(line).isEqualTo("credentials: 4, findings: 2"));
    assertThat(run.out()).doesNotContain(TOKEN);
  }

  @Test
  void damagedKey_isListedShownReplacedAndRemoved() {
    store.tamper(DAMAGE);

    Cli run = store.run("list");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("a +[0-9a-f]{8}"),
            line -> assertThat(line).matches("b +unopened"));
    assertThat(store.run("show", "b").out()).contains("check value  unopened");
    assertThat(store.run("show", "b", "--reveal", "--yes").code()).isEqualTo(1);
    assertThat(store.run("add", "--endpoint", "b").err()).contains("whose key does not open");
    assertThat(store.run("add", "--endpoint", "b", "--replace").out()).contains("replaced");
    store.tamper(DAMAGE);
    assertThat(store.run("remove", "b").out()).matches("b +unopened  removed\n");
    assertThat(store.run("list").out().lines()).hasSize(1);
  }

  @Test
  void reseal_keepsWhatOpensTheStore() {
    Cli run = store.run("reseal");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("keys resealed: 2", "fleet.db.key'");
    assertThat(store.run("check").code()).isZero();
  }

  @Test
  void reseal_withDamage_leavesItAndSaysSo() {
    store.tamper(DAMAGE);

    Cli run = store.run("reseal");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("keys resealed: 1", "1 keys do not open");
  }

  @ParameterizedTest
  @CsvSource({"--new-wrapping-key, --wrapping-key", "--new-store-key, --store-key"})
  void reseal_movesTheStoreToAnotherKeyFile(String newKey, String key) {
    String next = folder.resolve("next.key").toString();

    Cli run = store.run("reseal", newKey, next);

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).contains(next);
    assertThat(store.run("list").code()).isEqualTo(2);
    assertThat(store.run("check", key, next).code()).isZero();
  }

  @Test
  void reseal_afterOneThatWasInterrupted_movesTheStoreAllTheSame() {
    String next = folder.resolve("next.key").toString();
    interruptReseal();

    Cli run = store.run("reseal", "--new-store-key", next);

    assertThat(run.code()).as(run::err).isZero();
    assertThat(store.run("list").code()).isEqualTo(2);
    assertThat(store.run("check", "--store-key", next).code()).isZero();
  }

  private void interruptReseal() {
    try (JdbcCredentialStore open =
        JdbcCredentialStore.sqlite(store.file())
            .keyWrapper(KeyWrappers.keyFile(Path.of(store.file() + ".key")))
            .open()) {
      open.reseal(
          done -> {
            throw new IllegalStateException("interrupted");
          });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("interrupted");
    }
  }

  @Test
  void reseal_movesTheStoreToAPassphrase_andToAKeyStore() throws Exception {
    String first = "@" + Files.writeString(folder.resolve("first"), "correct horse\n");
    String second = "@" + Files.writeString(folder.resolve("second"), "battery staple");
    String p12 = keyStore("battery staple").toString();

    Cli toPassphrase = store.run("reseal", "--new-store-passphrase", first);
    assertThat(toPassphrase.code()).as(toPassphrase::err).isZero();
    Cli toKeyStore =
        store.run(
            "reseal",
            "--store-passphrase",
            first,
            "--new-store-keystore",
            p12,
            "--new-store-passphrase",
            second);
    assertThat(toKeyStore.code()).as(toKeyStore::err).isZero();

    assertThat(store.run("list", "--store-passphrase", first).code()).isEqualTo(2);
    assertThat(
            store.run("list", "--store-keystore", p12, "--store-passphrase", second).out().lines())
        .hasSize(2);
    for (List<String> wrong :
        List.of(
            List.of("--store-keystore", p12, "--store-passphrase", first),
            List.of("--store-keystore", store.file() + ".key", "--store-passphrase", second),
            List.of(
                "--store-keystore",
                p12,
                "--store-passphrase",
                second,
                "--store-key-alias",
                "none"))) {
      Cli run = store.run("list", wrong.toArray(String[]::new));
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.err()).doesNotContain("horse", "battery");
    }
  }

  private Path keyStore(String password) throws Exception {
    KeyStore made = KeyStore.getInstance("PKCS12");
    made.load(null, null);
    made.setEntry(
        WrappingKey.DEFAULT_ALIAS,
        new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[32], "AES")),
        new KeyStore.PasswordProtection(password.toCharArray()));
    Path file = folder.resolve("keys.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      made.store(out, password.toCharArray());
    }
    return file;
  }
}
