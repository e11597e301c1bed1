// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.sql;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a store that is open fails: for a reason of its own each time, and with nothing changed. */
class SqliteStoreFailureTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private JdbcCredentialStore store;

  @BeforeEach
  void makeStore() {
    store = stores.opened(describe().create());
    store.put(credential("a", 1));
  }

  private JdbcStoreBuilder describe() {
    return stores.describe(file).lockTimeout(Duration.ofMillis(20));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void change_othersHoldTheLock_isLocked() throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");

      assertFails(Reason.LOCKED, () -> store.put(credential("b", 2)))
          .contains("locked by another process");
      assertThat(store.findByEndpoint("a")).isPresent();
    }

    store.put(credential("b", 2));
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void change_openedToBeReadOnly_isRefused() {
    JdbcCredentialStore reader =
        stores.opened(
            JdbcCredentialStore.url("jdbc:sqlite:file:" + file + "?mode=ro")
                .keyWrapper(stores.keyWrapper())
                .open());

    for (ThrowingCallable change : changes(reader)) {
      assertFails(Reason.READ_ONLY, change).contains("may not be written");
    }
    assertThat(reader.findByEndpoint("a")).contains(credential("a", 1));
    assertThat(reader.toString()).doesNotContain("?");
  }

  /** SQLite is told that its pages are few: it then fails as it does on a full disk. */
  @Test
  void change_noSpaceLeft_isFullAndChangesNothing() {
    JdbcCredentialStore full =
        stores.opened(
            JdbcCredentialStore.url("jdbc:sqlite:file:" + file + "?max_page_count=40")
                .keyWrapper(stores.keyWrapper())
                .open());
    List<DeviceCredential> many =
        IntStream.range(0, 5_000).mapToObj(n -> credential("device-" + n, n)).toList();

    assertFails(Reason.FULL, () -> full.putAll(many)).contains("no space left");

    assertThat(full.size()).isOne();
    full.put(credential("b", 2));
    assertThat(store.findByEndpoint("b")).isPresent();
    assertSound();
  }

  @Test
  void use_closed_isRefused() {
    MirroredCredentialStore mirror = MirroredCredentialStore.of(describe().open());
    store.close();
    mirror.close();

    for (ManagedCredentialStore closed : List.of(store, mirror)) {
      for (ThrowingCallable change : changes(closed)) {
        assertFails(Reason.CLOSED, change).contains("was closed");
      }
      assertFails(Reason.CLOSED, () -> closed.findByEndpoint("a"));
      assertFails(Reason.CLOSED, () -> closed.findByPskIdentity(PskIdentity.of("a")));
      assertFails(Reason.CLOSED, () -> closed.findPsk(PskIdentity.of("a")));
      assertFails(Reason.CLOSED, () -> closed.stream().toList());
      assertFails(Reason.CLOSED, () -> closed.audit(0).toList());
      closed.close();
    }
  }

  private static List<ThrowingCallable> changes(ManagedCredentialStore store) {
    return List.of(
        () -> store.put(credential("b", 2)),
        () -> store.putAll(List.of(credential("b", 2))),
        () -> store.reinstate(credential("b", 2)),
        () -> store.remove("a"),
        () -> store.revoke("a", ""),
        () -> store.rotate(credential("a", "next", 2), Instant.now().plusSeconds(60)));
  }

  /** A process that goes on with a file that has no name any more would lose what it is given. */
  @Test
  void use_fileReplacedMeanwhile_isRefused() throws IOException {
    Path copy = stores.newFile();
    sql(file, "VACUUM INTO '" + copy + "'");
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);

    assertFails(Reason.UNAVAILABLE, () -> store.put(credential("b", 2)))
        .contains("was replaced or deleted", "open it again");
  }

  @Test
  void use_fileDeletedMeanwhile_isRefused() throws IOException {
    Files.delete(file);

    assertFails(Reason.UNAVAILABLE, () -> store.put(credential("b", 2)))
        .contains("was replaced or deleted");
    assertFails(Reason.UNAVAILABLE, () -> store.findByEndpoint("a"));
  }

  @Test
  void url_otherDatabase_isRefused() {
    assertThatThrownBy(
            () ->
                JdbcCredentialStore.url("jdbc:mysql://localhost/creds")
                    .keyWrapper(stores.keyWrapper())
                    .open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:sqlite:");
  }

  @Test
  void url_inMemory_isRefused() {
    assertThatThrownBy(
            () ->
                JdbcCredentialStore.url("jdbc:sqlite::memory:")
                    .keyWrapper(stores.keyWrapper())
                    .create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("InMemoryCredentialStore");
  }

  @Test
  void url_noWrapperGiven_isRefused() {
    assertThatThrownBy(() -> JdbcCredentialStore.url("jdbc:postgresql:x").open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("keyWrapper");
  }

  /** The library alone, as in an application whose class path lacks the driver. */
  @Test
  void create_noDriver_namesWhatToAdd() throws Exception {
    URL[] library = {JdbcCredentialStore.class.getProtectionDomain().getCodeSource().getLocation()};
    Path other = stores.newFile();
    try (URLClassLoader loader =
        new URLClassLoader(library, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(JdbcCredentialStore.class.getName());
      Object builder = type.getMethod("sqlite", Path.class).invoke(null, other);

      assertThatThrownBy(() -> builder.getClass().getMethod("create").invoke(builder))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageContaining("org.xerial:sqlite-jdbc")
          .extracting("reason")
          .hasToString(Reason.LIBRARY_MISSING.name());
    }
    assertThat(other).doesNotExist();
  }

  private void assertSound() {
    store.check(
        finding -> assertThat(finding).as("finding").isNull(),
        done -> assertThat(done).isEqualTo(2));
  }
}
