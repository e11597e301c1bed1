// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is opened, what is made, and that nothing is written into what is neither. */
class SqliteStoreOpeningTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void create_thenOpen_hasWhatWasPutIn() {
    makeStore();

    assertThat(open().findByEndpoint("a")).contains(credential("a", 1));
  }

  @Test
  void create_nothingThere_makesItForItsOwnerAlone() throws IOException {
    stores.opened(stores.describe(file).create()).put(credential("a", 1));

    assertThat(Files.exists(SqliteStores.logOf(file))).isTrue();
    try (Stream<Path> files = Files.list(stores.folder())) {
      assertThat(files)
          .hasSize(4) // the database, its log, the log's index, and the key
          .allSatisfy(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void open_noFile_isNotFound() {
    assertFails(Reason.NOT_FOUND, this::open).contains(file.toString(), "no such file");
    assertThat(file).doesNotExist();
  }

  @Test
  void create_noFolder_isNotFound() {
    Path lost = stores.folder().resolve("no/such.db");

    assertFails(Reason.NOT_FOUND, () -> stores.describe(lost).create())
        .contains("its folder does not exist");
    assertFails(Reason.NOT_FOUND, () -> stores.describe(lost).openOrCreate());
    assertFails(Reason.NOT_FOUND, () -> stores.describe(lost).open());
  }

  @Test
  void create_storeThere_isRefused() throws IOException {
    makeStore();

    byte[] before = Files.readAllBytes(file);
    assertFails(Reason.ALREADY_EXISTS, this::create).contains("nothing was changed");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void openAndCreate_textFile_areRefused() throws IOException {
    makeFile("not a database, but somebody's text\n".repeat(200));

    byte[] before = Files.readAllBytes(file);
    assertFails(Reason.NOT_A_STORE, this::open).contains("not a credential store");
    assertFails(Reason.NOT_A_STORE, this::openOrCreate);
    assertFails(Reason.ALREADY_EXISTS, this::create).contains("nothing was changed");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void openAndCreate_databaseOfSomethingElse_areRefused() throws IOException {
    makeFile("");
    sql(file, "CREATE TABLE accounts (name TEXT)", "INSERT INTO accounts VALUES ('somebody')");

    byte[] before = Files.readAllBytes(file);
    assertFails(Reason.NOT_A_STORE, this::open).contains("another database");
    assertFails(Reason.NOT_A_STORE, this::openOrCreate);
    assertFails(Reason.ALREADY_EXISTS, this::create).contains("nothing was changed");
    assertFails(
            Reason.ALREADY_EXISTS,
            () ->
                JdbcCredentialStore.url("jdbc:sqlite:" + file)
                    .keyWrapper(stores.keyWrapper())
                    .create())
        .contains("another database");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void openAndCreate_folder_areRefused() throws IOException {
    Files.createDirectory(file);

    assertFails(Reason.NOT_A_STORE, this::open).contains("is not a file");
    assertFails(Reason.ALREADY_EXISTS, this::create);
  }

  /** Whoever made a store may have been killed before there was more than a file. */
  @Test
  void create_emptyFile_isTaken() throws IOException {
    makeFile("");

    assertFails(Reason.NOT_FOUND, this::open).contains("no credential store yet");
    create().put(credential("a", 1));
    assertThat(open().size()).isOne();
  }

  /** A connection that can write moves the log into the database when it is closed. */
  @Test
  void openAndCreate_refusedWithALogThere_writeNothing() throws IOException {
    create().put(credential("a", 1));
    Path other = stores.newFile();
    Files.copy(file, other, StandardCopyOption.COPY_ATTRIBUTES);
    Path log = Files.copy(SqliteStores.logOf(file), SqliteStores.logOf(other));
    KeyWrapper otherKey = KeyWrappers.keyFile(stores.folder().resolve("other-key"));
    otherKey.wrap(new byte[32]);

    assertFails(Reason.ALREADY_EXISTS, () -> stores.describe(other).create());
    assertFails(Reason.WRONG_KEY, () -> stores.describe(other).keyWrapper(otherKey).open());

    assertThat(other).hasSameBinaryContentAs(file);
    assertThat(log).hasSameBinaryContentAs(SqliteStores.logOf(file));
  }

  /** SQLite would delete the log, which may hold all there is. */
  @Test
  void openAndCreate_logWithoutItsDatabase_areRefused() throws IOException {
    create().put(credential("a", 1));
    Path other = stores.newFile();
    Path log = Files.copy(SqliteStores.logOf(file), SqliteStores.logOf(other));

    assertFails(Reason.ALREADY_EXISTS, () -> stores.describe(other).create())
        .contains("-wal", "nothing was changed");
    Files.createFile(other, PrivateFiles.ownerOnly());
    assertFails(Reason.ALREADY_EXISTS, () -> stores.describe(other).create());
    assertFails(Reason.CORRUPT, () -> stores.describe(other).open()).contains("was truncated");
    assertThat(log).hasSameBinaryContentAs(SqliteStores.logOf(file));
  }

  @Test
  void openOrCreate_emptyDatabase_isTaken() throws IOException {
    makeFile("");
    sql(file, "PRAGMA journal_mode = WAL");
    assertThat(file).isNotEmptyFile();

    openOrCreate().put(credential("a", 1));
    assertThat(open().size()).isOne();
  }

  @Test
  void openOrCreate_manyAtOnce_makeOneStore() throws Exception {
    int number = 8;
    ExecutorService threads = Executors.newFixedThreadPool(number);
    List<Callable<JdbcCredentialStore>> calls = new ArrayList<>();
    for (int n = 0; n < number; n++) {
      String endpoint = "device-" + n;
      calls.add(
          () -> {
            JdbcCredentialStore store = stores.describe(file).openOrCreate();
            store.put(credential(endpoint, 1));
            return store;
          });
    }
    stores.folder();
    try {
      for (Future<JdbcCredentialStore> each : threads.invokeAll(calls)) {
        stores.opened(each.get());
      }
    } finally {
      threads.shutdown();
    }

    assertThat(open().size()).isEqualTo(number);
  }

  @Test
  void open_othersMayRead_isRefusedUnlessAllowed() throws IOException {
    makeStore();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertFails(Reason.FILE_MODE, this::open).contains("rw-r--r--", "chmod 600 " + file);
    assertFails(Reason.FILE_MODE, this::openOrCreate);
    assertThat(stores.opened(stores.describe(file).allowWiderFileMode().open()).size()).isOne();
  }

  @Test
  void open_otherKey_isRefused() throws IOException {
    makeStore();
    Path otherKey = stores.folder().resolve("other-key");
    KeyWrappers.keyFile(otherKey).wrap(new byte[32]);

    byte[] before = Files.readAllBytes(file);
    assertFails(
            Reason.WRONG_KEY,
            () -> stores.describe(file).keyWrapper(KeyWrappers.keyFile(otherKey)).open())
        .contains("other-key");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void open_noKeyFile_isRefusedAndMakesNone() {
    makeStore();
    Path noKey = stores.folder().resolve("no-key");

    assertFails(
            Reason.WRONG_KEY,
            () -> stores.describe(file).keyWrapper(KeyWrappers.keyFile(noKey)).open())
        .contains("no-key", "is missing");
    assertThat(noKey).doesNotExist();
  }

  @Test
  void sqlite_noWrapperGiven_keepsItsKeyBesideTheFile() {
    stores.opened(JdbcCredentialStore.sqlite(file).create()).put(credential("a", 1));

    assertThat(Path.of(file + ".key")).exists();
    assertThat(stores.opened(JdbcCredentialStore.sqlite(file).open()).size()).isOne();
  }

  private void makeStore() {
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      store.put(credential("a", 1));
    }
  }

  private void makeFile(String content) throws IOException {
    Files.createFile(file, PrivateFiles.ownerOnly());
    Files.writeString(file, content);
  }

  private JdbcCredentialStore open() {
    return stores.opened(stores.describe(file).open());
  }

  private JdbcCredentialStore create() {
    return stores.opened(stores.describe(file).create());
  }

  private JdbcCredentialStore openOrCreate() {
    return stores.opened(stores.describe(file).openOrCreate());
  }
}
