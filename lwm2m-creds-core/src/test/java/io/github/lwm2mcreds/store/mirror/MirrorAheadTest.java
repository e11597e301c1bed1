// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows are read as they are by now, and so may be ahead of the changes that a mirror was told. */
class MirrorAheadTest {
  private static final PskIdentity I = PskIdentity.of("i");

  private final SqliteStores stores = new SqliteStores();
  private final List<String> observed = new ArrayList<>();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private final class Observer implements MirrorObserver {
    @Override
    public void historyChanged(Position followed, Position loaded) {
      observed.add("history changed");
    }
  }

  @Test
  void follow_whatWasReadAheadIsLost_isNoticed() {
    InMemoryEngine other = new InMemoryEngine();
    other.put(credential("a", "i", 1));
    Faults faults = new Faults();
    SteppedMirror mirror =
        SteppedMirror.of(new InMemoryEngine(other, faults).withPagesOf(1), new Observer());
    other.revoke("a", "stolen");
    other.put(credential("b", 2));
    Runnable restore = other.backup();
    other.reinstate(credential("a", "i", 1));
    faults.failAfter(1); // the page with the revocation, of an endpoint that is good again by now
    assertThatThrownBy(mirror::round).isInstanceOf(CredentialStoreException.class);
    assertThat(mirror.store().findPsk(I)).as("read ahead").isPresent();

    restore.run();
    faults.recover();
    mirror.round();

    assertThat(mirror.store().findPsk(I)).isEmpty();
    assertThat(mirror.store().findRevocation("a")).isPresent();
    assertThat(observed).containsExactly("history changed");
  }

  @Test
  void follow_databaseChangesBetweenEntriesAndRows_readsBothAtOneMoment() {
    Path file = stores.newFile();
    JdbcCredentialStore other = stores.opened(stores.describe(file).create());
    other.put(credential("a", "i", 1));
    AtomicReference<Runnable> beforeRows = new AtomicReference<>();
    SteppedMirror mirror =
        SteppedMirror.of(
            stores.opened(stores.describe(hooked(file, beforeRows), Clock.systemUTC()).open()),
            new Observer());
    other.put(credential("a", "i", 2));
    Path backup = stores.newFile();
    SqliteStores.sql(file, "backup to " + backup);
    beforeRows.set(() -> other.put(credential("a", "i", 3)));

    mirror.round();
    SqliteStores.sql(file, "restore from " + backup);
    mirror.round();

    assertThat(beforeRows).hasNullValue();
    assertThat(mirror.store().findByEndpoint("a")).contains(credential("a", "i", 2));
  }

  /** A database to which something happens before rows of credentials are next read. */
  private static DataSource hooked(Path file, AtomicReference<Runnable> beforeRows) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          return proxy(
              Connection.class,
              (called, given) -> {
                boolean isOfRows =
                    called.getName().equals("prepareStatement")
                        && given[0].toString().contains("WHERE endpoint IN");
                Runnable hook = isOfRows ? beforeRows.getAndSet(null) : null;
                if (hook != null) {
                  hook.run();
                }
                return called.invoke(connection, given);
              });
        });
  }

  private interface Call {
    Object make(Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return call.make(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
