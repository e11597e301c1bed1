// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names the store and its key file in the environment instead of in options. */
class StoreEnvironmentTest {
  private static final String STORE = "CREDS_STORE";
  private static final String KEY = "CREDS_STORE_KEY";

  @TempDir Path folder;

  private record Run(int code, String output) {}

  private Run run(Map<String, String> environment, String... args) throws InterruptedException {
    try (Child child = Child.startMain(folder, environment, args)) {
      int code = child.awaitEnd();
      return new Run(code, child.output());
    }
  }

  @Test
  void storeAndKeyOfTheEnvironment_areUsedWithoutOptions() throws Exception {
    Map<String, String> both = Map.of(STORE, "sqlite:fleet.db", KEY, "elsewhere.key");

    assertThat(run(both, "store", "init").output())
        .contains("created fleet.db, which opens with the key file")
        .contains("elsewhere.key");
    assertThat(folder.resolve("fleet.db")).exists();
    assertThat(folder.resolve("elsewhere.key")).exists();
    assertThat(folder.resolve("fleet.db.key")).doesNotExist();

    Run list = run(both, "store", "list");
    assertThat(list.code()).as(list.output()).isZero();
    assertThat(run(Map.of(STORE, "sqlite:fleet.db", KEY, ""), "store", "list").output())
        .contains("key file", "fleet.db.key");
  }

  @Test
  void options_goBeforeTheEnvironment() throws Exception {
    TestStore store = TestStore.init(folder);
    Map<String, String> wrong = Map.of(STORE, "sqlite:absent.db", KEY, "absent.key");
    String[] given = {
      "store", "list", "--store", "sqlite:" + store.file(), "--wrapping-key", store.file() + ".key"
    };

    assertThat(run(wrong, given).code()).isZero();

    Path pass = Files.writeString(folder.resolve("pass"), "correct horse\n");
    Run init =
        run(wrong, "store", "init", "--store", "sqlite:other.db", "--store-passphrase", "@" + pass);
    assertThat(init.output()).contains("opens with the passphrase");
  }

  @Test
  void storeThatIsNoAddress_namesTheVariable_andNoPassword() throws Exception {
    Run run = run(Map.of(STORE, "postgresql://me:hunter2@127.0.0.1/fleet"), "store", "list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.output()).startsWith("store list: CREDS_STORE").doesNotContain("hunter2");
  }

  @Test
  void serve_takesTheStoreOfTheEnvironment_unlessPartitionsAreGiven() throws Exception {
    TestStore store = TestStore.init(folder);
    Map<String, String> environment = Map.of(STORE, "sqlite:" + store.file());
    try (Child server = Child.startMain(folder, environment, "serve", "--coaps-port", "0")) {
      server.awaitLine(line -> line.startsWith("following "));
      server.awaitLine(line -> line.startsWith("listening on "));
    }
    String partition = store.partition("ep", TestStore.TOKEN);
    try (Child server =
        Child.startMain(
            folder, environment, "serve", "--coaps-port", "0", "--partition", partition)) {
      server.awaitLine(line -> line.startsWith("listening on "));
      assertThat(server.output()).doesNotContain("following");
    }
  }
}
