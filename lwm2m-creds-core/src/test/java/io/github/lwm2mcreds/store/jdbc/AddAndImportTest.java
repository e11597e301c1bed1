// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteDataSource;

/** Adding without replacing, importing in batches, and stores by URL and data source. */
class AddAndImportTest {
  private final SqliteStores stores = new SqliteStores();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @ParameterizedTest
  @EnumSource
  void addAll_endpointThatHasAnother_isRefusedAsAWhole(ManagedStores kind) {
    ManagedCredentialStore store = kind.over(stores.describe(stores.newFile()).create());
    store.put(credential("a", 1));

    assertThat(store.addAll(List.of(credential("a", 1), credential("b", 2)))).isOne();
    assertThatThrownBy(() -> store.addAll(List.of(credential("c", 3), credential("a", 4))))
        .isInstanceOfSatisfying(
            EndpointInUseException.class, e -> assertThat(e.endpoint()).isEqualTo("a"));

    assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
    assertThat(store.size()).isEqualTo(2);
    store.close();
  }

  @Test
  void importAll_moreThanABatch_tellsProgressAndDestroys() {
    JdbcCredentialStore store = stores.opened(stores.describe(stores.newFile()).create());
    List<DeviceCredential> credentials =
        IntStream.range(0, 2_500).mapToObj(n -> credential("d-" + n, n)).toList();
    List<Long> progress = new ArrayList<>();

    assertThat(store.importAll(credentials.iterator(), progress::add)).isEqualTo(2_500);

    assertThat(progress).containsExactly(1_000L, 2_000L, 2_500L);
    assertThat(credentials).allMatch(DeviceCredential::isDestroyed);
    assertThat(store.size()).isEqualTo(2_500);
  }

  @Test
  void importAll_badOneInTheSecondBatch_keepsTheFirstOnly() {
    JdbcCredentialStore store = stores.opened(stores.describe(stores.newFile()).create());
    Iterator<DeviceCredential> credentials =
        IntStream.range(0, 1_500)
            .mapToObj(n -> n < 1_400 ? credential("d-" + n, n) : credential("e-" + n, "d-0", n))
            .iterator();

    assertThatThrownBy(() -> store.importAll(credentials, done -> {}))
        .isInstanceOf(DuplicatePskIdentityException.class);

    assertThat(store.size()).isEqualTo(1_000);
  }

  @Test
  void url_ofAnSqliteFile_isAsTheFile() throws Exception {
    Path file = stores.newFile();
    String url = "jdbc:sqlite:" + file;
    StoreFailures.assertFails(
        CredentialStoreException.Reason.NOT_FOUND, () -> JdbcCredentialStore.url(url).open());
    assertThat(file).doesNotExist();

    stores.opened(JdbcCredentialStore.url(url).create()).put(credential("a", 1));

    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(stores.opened(JdbcCredentialStore.url(url).open()).size()).isOne();
  }

  @Test
  void dataSource_ofAnSqliteFile_takesAPrivateFileOnly() throws Exception {
    Path file = stores.newFile();
    SQLiteDataSource dataSource = new SQLiteDataSource();
    dataSource.setUrl("jdbc:sqlite:" + file);
    JdbcStoreBuilder store =
        JdbcCredentialStore.dataSource(dataSource)
            .keyWrapper(KeyWrappers.keyFile(stores.folder().resolve("key")));
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    StoreFailures.assertFails(CredentialStoreException.Reason.FILE_MODE, store::create);
    assertThat(file).isEmptyFile();

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    stores.opened(store.create()).put(credential("a", 1));

    assertThat(stores.opened(store.open()).findByEndpoint("a")).contains(credential("a", 1));
  }
}
