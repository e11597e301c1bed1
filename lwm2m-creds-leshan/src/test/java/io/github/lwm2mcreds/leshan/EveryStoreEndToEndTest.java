// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.derive.DerivedCredentialStore;
import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.derive.GroupKey;
import io.github.lwm2mcreds.derive.KeyDerivation;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcStoreBuilder;
import io.github.lwm2mcreds.store.jdbc.TestPostgres;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Leshan server over each kind of store, and real devices. */
class EveryStoreEndToEndTest {
  /** The kinds of stores. */
  enum Kind {
    IN_MEMORY,
    SQLITE,
    SQLITE_MIRROR,
    POSTGRESQL,
    POSTGRESQL_MIRROR,
    DERIVED_BEHIND_MIRROR
  }

  @TempDir private Path folder;

  private final CredentialGenerator generator = CredentialGenerator.counting("sensor-%08x", 0);
  private final Devices devices = new Devices();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    devices.close();
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void device_fromFirstHandshakeToRemoval_isServed(Kind kind) throws Exception {
    CredentialStore store = store(kind);
    RunningServer server = opened(new RunningServer(store));
    DeviceCredential credential = generator.next();
    store.put(credential);

    devices.start(credential, server.uri());
    assertThat(next(server.registrations).getEndpoint()).isEqualTo(credential.endpoint());

    devices.start(DeviceCredential.of(credential.endpoint(), generator.nextKey()), server.uri());
    assertThat(next(server.refusedHandshakes).reason()).isEqualTo(Reason.WRONG_KEY);

    if (store instanceof ManagedCredentialStore managed) {
      managed.revoke(credential.endpoint(), "stolen");
    } else if (store instanceof DerivedCredentialStore derived) {
      derived.revoke(credential.endpoint(), "stolen");
    } else {
      store.remove(credential.endpoint());
    }

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(credential.endpoint());
    await().until(() -> server.sessions().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "SQLITE_MIRROR", "POSTGRESQL", "POSTGRESQL_MIRROR"})
  void device_thatRotates_registersWithBothAndThenWithTheNextOnly(Kind kind) throws Exception {
    ManagedCredentialStore store = (ManagedCredentialStore) store(kind);
    RunningServer server = opened(new RunningServer(store));
    DeviceCredential current = generator.next();
    DeviceCredential next =
        DeviceCredential.of(
            current.endpoint(), PskIdentity.of(current.endpoint() + ".1"), generator.nextKey());
    store.put(current);
    store.rotate(next, Instant.now().plusSeconds(3600));

    devices.start(current, server.uri());
    assertThat(next(server.registrations).getEndpoint()).isEqualTo(current.endpoint());
    devices.start(next, server.uri());
    assertThat(next(server.registrations).getEndpoint()).isEqualTo(current.endpoint());

    await().until(() -> store.findPsk(current.pskIdentity()).isEmpty());
    await().until(() -> server.sessions().equals(List.of(next.pskIdentity().asString())));
    assertThat(store.findByEndpoint(current.endpoint())).contains(next);
    assertThat(server.endedRegistrations).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = "DERIVED_BEHIND_MIRROR")
  void device_whoseKeyIsDerived_isServedWithoutARow(Kind kind) throws Exception {
    DerivedCredentialStore store = (DerivedCredentialStore) store(kind);
    RunningServer server = opened(new RunningServer(store));
    DeviceCredential credential = group().credential("urn:uuid:" + new UUID(1, 2));

    devices.start(credential, server.uri());
    assertThat(next(server.registrations).getEndpoint()).isEqualTo(credential.endpoint());
    assertThat(store.size()).isZero();

    store.revoke(credential.endpoint(), "stolen");
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(credential.endpoint());
    await().until(() -> server.sessions().isEmpty());
  }

  private CredentialStore store(Kind kind) {
    return switch (kind) {
      case IN_MEMORY -> new InMemoryCredentialStore();
      case SQLITE -> opened(sqlite().create());
      case SQLITE_MIRROR -> opened(MirroredCredentialStore.of(sqlite().create()));
      case POSTGRESQL -> opened(postgresql().create());
      case POSTGRESQL_MIRROR -> opened(MirroredCredentialStore.of(postgresql().create()));
      case DERIVED_BEHIND_MIRROR ->
          new DerivedCredentialStore(
              opened(MirroredCredentialStore.of(sqlite().create())), group());
    };
  }

  private JdbcStoreBuilder sqlite() {
    return JdbcCredentialStore.sqlite(folder.resolve("store.db"));
  }

  private JdbcStoreBuilder postgresql() {
    return JdbcCredentialStore.url(TestPostgres.shared().newDatabase())
        .keyWrapper(KeyWrappers.keyFile(folder.resolve("store.key")));
  }

  private static DeviceGroup group() {
    byte[] secret = new byte[32];
    new Random(1).nextBytes(secret);
    return DeviceGroup.of(
        "urn:uuid:", KeyDerivation.hkdfSha256("test"), GroupKey.copyOf(1, secret));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }
}
