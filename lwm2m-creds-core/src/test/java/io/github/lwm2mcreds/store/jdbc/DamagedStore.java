// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.SqliteStores.logOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import io.github.lwm2mcreds.store.mirror.MirrorObserver;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A store of a few hundred devices, whose files are damaged then: {@link #LOADED} of them are in
 * the database, and as many of {@link #LOGGED} as there are in its log, put in one by one.
 */
final class DamagedStore {
  static final int LOADED = 300;
  static final int LOGGED = 40;

  private static final String ROTATING = "device-7";

  private final SqliteStores stores;
  private final Path file;

  /** Files with content as of {@link #files}; the log may be null. */
  DamagedStore(SqliteStores stores, byte[] database, byte[] log) {
    this.stores = stores;
    this.file = stores.newFile();
    try {
      Files.createFile(file, PrivateFiles.ownerOnly());
      Files.write(file, database);
      if (log != null) {
        Files.write(logOf(file), log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a good store's database and of its log, which are as a killed process left it. */
  record Content(byte[] database, byte[] log) {}

  static Content files(SqliteStores stores, int variant) {
    Path file = stores.newFile();
    List<DeviceCredential> loaded =
        IntStream.range(0, LOADED).mapToObj(n -> device(n, variant)).toList();
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      store.putAll(loaded);
      store.rotate(
          credential(ROTATING, "next", variant + 7), Instant.parse("2999-01-01T00:00:00Z"));
      store.revoke("revoked", "for a reason");
    }
    try (JdbcCredentialStore store = stores.describe(file).open()) {
      for (int n = LOADED; n < LOADED + LOGGED; n++) {
        store.put(device(n, variant));
      }
      return new Content(Files.readAllBytes(file), Files.readAllBytes(logOf(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DeviceCredential device(int n, int variant) {
    return credential("device-" + n, "identity-" + n, variant + n);
  }

  Path file() {
    return file;
  }

  /**
   * The store is refused and left as it is; or whatever was put in first is there, or fails to open
   * when it is asked for, up to some point.
   *
   * @return how many devices it has; -1 if it is refused
   */
  int assertRefusedOrIntact() throws IOException {
    byte[] database = Files.readAllBytes(file);
    byte[] log = Files.exists(logOf(file)) ? Files.readAllBytes(logOf(file)) : null;
    List<CredentialStoreException> unreadable = new ArrayList<>();
    MirrorObserver observer =
        new MirrorObserver() {
          @Override
          public void unreadable(CredentialStoreException failure) {
            unreadable.add(failure);
          }
        };
    try (JdbcCredentialStore store = stores.describe(file).open();
        MirroredCredentialStore mirror =
            MirroredCredentialStore.builder(store).observer(observer).build()) {
      int size = (int) mirror.size();
      assertThat(size).isEqualTo((int) store.size()).isBetween(LOADED, LOADED + LOGGED);
      for (int n = 0; n < size; n++) {
        assertIntactOrUnreadable(store, mirror, device(n, 0), unreadable);
      }
      goThroughAll(store);
      return size;
    } catch (CredentialStoreException e) {
      assertThat(file).hasBinaryContent(database);
      if (log != null && log.length > 0) {
        assertThat(logOf(file)).hasBinaryContent(log);
      }
      return -1;
    }
  }

  private static void assertIntactOrUnreadable(
      JdbcCredentialStore store,
      MirroredCredentialStore mirror,
      DeviceCredential expected,
      List<CredentialStoreException> unreadable) {
    unreadable.clear();
    Optional<PreSharedKey> psk = mirror.findPsk(expected.pskIdentity());
    if (psk.isPresent()) {
      assertThat(psk).contains(expected.psk());
      assertThat(store.findByPskIdentity(expected.pskIdentity())).contains(expected);
    } else if (unreadable.isEmpty()) {
      // A deadline is not authenticated: the rotation may have ended early, which is not silent.
      assertThat(expected.endpoint()).isEqualTo(ROTATING);
    }
  }

  /** Whatever is in there, there is no failure but one. */
  private static void goThroughAll(JdbcCredentialStore store) {
    List<Runnable> all =
        List.of(
            () -> count(store.stream()),
            () -> count(store.audit(0)),
            () -> count(store.revocations()),
            () -> count(store.rotations()),
            () -> store.check(finding -> {}, done -> {}));
    for (Runnable each : all) {
      try {
        each.run();
      } catch (CredentialStoreException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static void count(Stream<?> stream) {
    try (stream) {
      stream.forEach(each -> {});
    }
  }
}
