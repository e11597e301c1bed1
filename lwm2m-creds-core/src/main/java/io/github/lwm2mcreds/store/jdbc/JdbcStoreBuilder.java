// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.seal.KeyRing;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** Describes a {@link JdbcCredentialStore}, and opens or makes it. */
public final class JdbcStoreBuilder {
  /** What an attempt to open or make a store may fail with while another process makes it. */
  private static final Set<Reason> PASSING =
      EnumSet.of(Reason.ALREADY_EXISTS, Reason.LOCKED, Reason.CONFLICT);

  private final Location location;
  private KeyWrapper keyWrapper;
  private boolean allowWiderFileMode;
  private TimeLimits limits = TimeLimits.ofLock(Duration.ofSeconds(10));
  boolean notifications = true;
  KeyPolicy keyPolicy = KeyPolicy.strict();
  String actor = System.getProperty("user.name", "");
  Clock clock = Clock.systemUTC();

  JdbcStoreBuilder(Location location) {
    this.location = location;
    if (location instanceof SqliteFile file) {
      this.keyWrapper = KeyWrappers.keyFile(Path.of(file.path() + ".key"));
    }
  }

  /**
   * Sets the wrapping key.
   *
   * @param wrapper such as one of {@link KeyWrappers}
   * @return this builder
   */
  public JdbcStoreBuilder keyWrapper(KeyWrapper wrapper) {
    this.keyWrapper = Objects.requireNonNull(wrapper, "wrapper");
    return this;
  }

  /**
   * Sets which keys the store takes.
   *
   * @param policy strict by default
   * @return this builder
   */
  public JdbcStoreBuilder keyPolicy(KeyPolicy policy) {
    this.keyPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets who makes the changes, for the audit trail.
   *
   * @param name the user that the process runs as by default
   * @return this builder
   */
  public JdbcStoreBuilder actor(String name) {
    this.actor = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Accepts an SQLite file that others than its owner may read or write. Unsafe: keys are sealed,
   * but endpoints, identities and the audit trail are not.
   *
   * @return this builder
   */
  public JdbcStoreBuilder allowWiderFileMode() {
    this.allowWiderFileMode = true;
    return this;
  }

  /**
   * Sets how long to wait for a lock that somebody else holds, with any kind of connection. What
   * waits longer fails with {@code LOCKED}.
   *
   * <p>PostgreSQL ends a statement that takes 20 seconds longer than this, which fails with {@code
   * TIMED_OUT}; the time limits of the user or the pool do not count. A server that does not answer
   * at all is given up after 5 more seconds: by a network time-out, unless the URL or the pool has
   * another one ({@code socketTimeout}). It also ends a query of a whole table, as a mirror makes
   * when it loads.
   *
   * @param timeout from a millisecond to a day; 10 seconds by default
   * @return this builder
   */
  public JdbcStoreBuilder lockTimeout(Duration timeout) {
    this.limits = TimeLimits.ofLock(timeout);
    return this;
  }

  /**
   * Sets whether a mirror of a store in PostgreSQL is told of changes at once. For that it holds a
   * connection, on which it listens, as long as it is open: one connection of a pool is not
   * available to others then, and a pool that looks for leaks reports it. Without it, mirrors look
   * for changes at their interval.
   *
   * <p>If the store itself waits for a connection for half a second, perhaps because the pool has
   * no other one, the held one is given back, and mirrors look by themselves for half a minute;
   * twice as long each time it happens again, up to an hour. Behind a pooler such as PgBouncer
   * nothing is held, either.
   *
   * @param wanted true by default
   * @return this builder
   */
  public JdbcStoreBuilder notifications(boolean wanted) {
    this.notifications = wanted;
    return this;
  }

  /** Sets the other limits, too. */
  JdbcStoreBuilder limits(TimeLimits other) {
    this.limits = other;
    return this;
  }

  JdbcStoreBuilder clock(Clock other) {
    this.clock = other;
    return this;
  }

  /**
   * Opens a store that exists, and brings one of an older release up to date.
   *
   * @return the store
   * @throws CredentialStoreException if there is none, or it cannot be opened; the reason says why
   */
  public JdbcCredentialStore open() {
    SealingKeys keys = keys();
    if (location instanceof SqliteFile file) {
      file.check(allowWiderFileMode);
      probe(file, keys, opening -> check(file, opening));
    }
    return start(keys, false);
  }

  /**
   * Makes a store where there is none.
   *
   * @return the store
   * @throws CredentialStoreException if there is one already, or it cannot be made; the reason says
   *     why
   */
  public JdbcCredentialStore create() {
    SealingKeys keys = keys();
    if (location instanceof SqliteFile file) {
      Connections.driver(JdbcCredentialStore.SQLITE_URL);
      file.create();
      file.check(allowWiderFileMode);
      checkNothing(file, keys);
    }
    return start(keys, true);
  }

  /**
   * Opens a store, or makes it where there is none.
   *
   * @return the store
   * @throws CredentialStoreException if it cannot be opened or made; the reason says why
   */
  public JdbcCredentialStore openOrCreate() {
    long start = System.nanoTime();
    while (true) {
      try {
        return openOrTryToCreate();
      } catch (CredentialStoreException e) {
        // Another process makes it: for a moment some see what others do not, or it is locked.
        if (!PASSING.contains(e.reason()) || System.nanoTime() - start > limits.lock().toNanos()) {
          throw e;
        }
      }
    }
  }

  private JdbcCredentialStore openOrTryToCreate() {
    try {
      return open();
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
      return create();
    }
  }

  private SealingKeys keys() {
    if (keyWrapper == null) {
      throw new IllegalStateException("say what wraps the store's sealing keys: keyWrapper(…)");
    }
    return new SealingKeys(new KeyRing(keyWrapper, location.toString()));
  }

  /**
   * Looks at a file by a connection that cannot write it. Others write when they are closed, and
   * what turns out not to be a store, or a damaged one, is to be left as it is.
   */
  private void probe(SqliteFile file, SealingKeys keys, Consumer<Opening> check) {
    Database database = new Database(file.toString(), file.readOnly(limits));
    try {
      check.accept(new Opening(database, keys, clock));
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.READ_ONLY) {
        throw e;
      }
      // A transaction was interrupted, and has to be rolled back before anything can be read.
    } finally {
      database.close();
    }
  }

  private void checkNothing(SqliteFile file, SealingKeys keys) {
    try {
      probe(file, keys, Opening::checkNothing);
    } catch (CredentialStoreException e) {
      throw e.reason() == Reason.NOT_A_STORE ? file.alreadyExists(e) : e;
    }
  }

  private void check(SqliteFile file, Opening opening) {
    opening.check(!allowWiderFileMode);
    if (file.hasLog()) {
      opening.checkAll(); // before it is written into the file: it may be that of another one
    }
  }

  private JdbcCredentialStore start(SealingKeys keys, boolean creating) {
    Database database = new Database(location.toString(), location.connections(limits));
    try {
      Opening opening = new Opening(database, keys, clock);
      if (creating) {
        opening.create(!allowWiderFileMode);
      }
      opening.check(!allowWiderFileMode);
      opening.update();
      return new JdbcCredentialStore(this, database, keys);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }
}
