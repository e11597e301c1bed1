// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A backup that is copied over a file while a process has it open. */
class SqliteReplacedTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  /** As {@code cp backup.db fleet.db; rm fleet.db-wal fleet.db-shm} does it. */
  private void copyOver(byte[] backup) throws IOException {
    Files.write(file, backup);
    Files.delete(Path.of(file + "-wal"));
    Files.delete(Path.of(file + "-shm"));
  }

  @Test
  void use_backupCopiedOverAndLogDeleted_isRefusedAndUndoesNothing() throws IOException {
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      store.put(credential("a", 1));
    }
    byte[] backup = Files.readAllBytes(file);
    JdbcCredentialStore store = stores.describe(file).open();
    store.put(credential("lost", 2));

    copyOver(backup);

    assertFails(Reason.UNAVAILABLE, () -> store.findByEndpoint("a"))
        .contains("lost its log", "restart");
    assertFails(Reason.UNAVAILABLE, () -> store.put(credential("b", 3)));
    store.close();
    assertThat(file).as("not overwritten by a log that is gone").hasBinaryContent(backup);
  }

  @Test
  void use_afterTheLastConnectionFailed_goesOn() {
    JdbcCredentialStore store = stores.opened(stores.describe(file).create());
    store.put(credential("a", 1));

    assertFails(
        Reason.CORRUPT,
        () ->
            store
                .database()
                .read(
                    session -> {
                      throw Columns.damaged("nothing, really");
                    }));

    assertThat(store.findByEndpoint("a")).isPresent();
    store.put(credential("b", 2));
    assertThat(store.size()).isEqualTo(2);
  }
}
