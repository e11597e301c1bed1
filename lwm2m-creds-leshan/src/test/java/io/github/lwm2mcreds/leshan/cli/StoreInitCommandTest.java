// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creates stores, and opens them with right and wrong wrapping keys. */
class StoreInitCommandTest {
  @TempDir Path folder;

  @Test
  void init_makesStoreAndKeyForTheOwnerAlone_andSaysWhatOpensIt() throws Exception {
    TestStore store = new TestStore(folder);

    Cli run = store.run("init");

    assertThat(run.code()).isZero();
    Path key = Path.of(store.file() + ".key");
    assertThat(run.out()).contains(store.file().toString(), key.toString(), "keep a copy");
    for (Path file : List.of(store.file(), key)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(run.out()).doesNotContain(Files.readString(key).strip());
  }

  @Test
  void init_whereThereIsAStore_isRefused_andLeavesItAlone() {
    TestStore store = TestStore.init(folder);
    store.add("ep", TestStore.TOKEN);

    Cli run = store.run("init");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).startsWith("store init: ").contains("already; nothing was changed");
    assertThat(store.run("list").out()).startsWith("ep ");
  }

  @Test
  void commands_withoutStore_areRefusedInOneLine() {
    TestStore store = new TestStore(folder);

    for (String command : List.of("list", "audit", "check", "reseal")) {
      Cli run = store.run(command);
      assertThat(run.code()).as(command).isEqualTo(2);
      assertThat(run.errLines()).as(command).hasSize(1);
      assertThat(run.err()).startsWith("store " + command + ": ").contains("no such file");
      assertThat(Files.exists(store.file())).isFalse();
    }
    assertThat(Cli.run("store", "list").errLines())
        .containsExactly("store list: missing: --store STORE (try --help)");
    assertThat(Cli.run("store").errLines()).containsExactly("store: no command given (try --help)");
    assertThat(Cli.run("store", "show", "--store", "sqlite:x").errLines())
        .containsExactly("store show: missing: ENDPOINT (try --help)");
  }

  @Test
  void missingKeyFile_isRefused_andNotMadeAnew() throws Exception {
    TestStore store = TestStore.init(folder);
    Path key = Path.of(store.file() + ".key");
    Files.delete(key);

    Cli run = store.run("list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("key file", "missing");
    assertThat(Files.exists(key)).isFalse();
  }

  @Test
  void verbose_addsTheStackTrace() {
    TestStore store = new TestStore(folder);

    assertThat(store.run("list").err()).doesNotContain("\tat ");
    assertThat(store.run("list", "--verbose").err()).contains("\tat ");
  }

  @Test
  void widerFileMode_isRefused_orTakenLoudly() throws Exception {
    TestStore store = TestStore.init(folder);
    Files.setPosixFilePermissions(store.file(), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(store.run("list").code()).isEqualTo(2);
    assertThat(store.run("list").err()).contains("chmod 600");

    Cli run = store.run("list", "--allow-wider-file-mode");
    assertThat(run.code()).isZero();
    assertThat(run.err()).startsWith("warning: ").contains("other users");
  }

  @Test
  void passphrase_fromFileOrStandardInput_opensTheStore() throws Exception {
    TestStore store = new TestStore(folder);
    String file = "@" + Files.writeString(folder.resolve("pass"), "correct horse\r\nignored\n");

    Cli init = store.run("init", "--store-passphrase", file);
    assertThat(init.code()).isZero();
    assertThat(init.out())
        .contains("opens with the passphrase", "keep the passphrase in a safe place")
        .doesNotContain("copy", "correct horse");

    assertThat(Files.exists(Path.of(store.file() + ".key"))).isFalse();
    Cli run = store.runWithInput("correct horse", "list", "--store-passphrase", "-");
    assertThat(run.code()).as(run::err).isZero();
    assertThat(store.runWithInput("wrong horse\n", "list", "--store-passphrase", "-").code())
        .isEqualTo(2);
    assertThat(store.run("list").code()).isEqualTo(2);
  }

  @Test
  void keyStore_isToBeCopiedWithItsPassword() throws Exception {
    TestStore store = new TestStore(folder);
    char[] password = "correct horse".toCharArray();
    String file = "@" + Files.writeString(folder.resolve("pass"), "correct horse\n");
    Path keyStore = folder.resolve("keys.p12");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("lwm2m-creds", new SecretKeySpec(new byte[32], "AES"), password, null);
    try (OutputStream out = Files.newOutputStream(keyStore)) {
      keys.store(out, password);
    }

    Cli init =
        store.run("init", "--store-keystore", keyStore.toString(), "--store-passphrase", file);

    assertThat(init.code()).as(init::err).isZero();
    assertThat(init.out()).contains("keep a copy of " + keyStore + " and its password elsewhere");
  }

  @Test
  void reseal_toAPassphrase_saysWhatIsToBeKeptFromNowOn() throws Exception {
    TestStore store = TestStore.init(folder);
    String file = "@" + Files.writeString(folder.resolve("pass"), "correct horse\n");

    assertThat(store.run("reseal", "--new-store-passphrase", file).out())
        .contains("keep the passphrase in a safe place");
    assertThat(store.run("reseal", "--store-passphrase", file).out()).doesNotContain("keep");
  }

  @Test
  void passphrase_onTheCommandLineEmptyOrNoText_isRefused_andNotRepeated() throws Exception {
    TestStore store = TestStore.init(folder);

    Cli literal = store.run("list", "--store-passphrase", "hunter2");
    assertThat(literal.code()).isEqualTo(2);
    assertThat(literal.err()).contains("@FILE or -").doesNotContain("hunter2");

    for (byte[] content : List.of(new byte[] {'\n', 'x'}, new byte[] {(byte) 0xff, 'x'})) {
      Path file = Files.write(folder.resolve("pass"), content);
      Cli run = store.run("list", "--store-passphrase", "@" + file);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("pass");
    }
    assertThat(store.run("list", "--store-key", "x", "--store-passphrase", "-").err())
        .contains("--wrapping-key excludes --store-passphrase");
    assertThat(store.run("list", "--store-keystore", "x").err())
        .contains("--store-keystore needs its password");
  }

  @Test
  void help_ofEachCommand_isPrinted() {
    for (String command :
        List.of(
            "init", "add", "list", "show", "remove", "revoke", "rotate", "audit", "reseal",
            "check")) {
      Cli run = Cli.run("store", command, "--help");
      assertThat(run.code()).isZero();
      assertThat(run.out()).contains("Usage: lwm2m-creds store " + command, "--store=STORE");
    }
    assertThat(Cli.run("--help").out()).contains("  store ");
  }
}
