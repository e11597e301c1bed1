package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Describes a {@link JdbcCredentialStore}, and opens or makes it. */
public final class JdbcStoreBuilder {
  private static final String SQLITE_URL = "jdbc:sqlite:";

  private final SqliteFile file;
  private final String url;
  private final DataSource dataSource;
  private KeyWrapper keyWrapper;
  private boolean allowWiderFileMode;
  private Duration lockTimeout = Duration.ofSeconds(10);
  KeyPolicy keyPolicy = KeyPolicy.strict();
  String actor = System.getProperty("user.name", "");
  Clock clock = Clock.systemUTC();

  JdbcStoreBuilder(SqliteFile file) {
    this.file = file;
    this.url = null;
    this.dataSource = null;
    this.keyWrapper = KeyWrappers.keyFile(Path.of(file.path() + ".key"));
  }

  JdbcStoreBuilder(String url) {
    this.file = null;
    this.url = Objects.requireNonNull(url, "url");
    this.dataSource = null;
  }

  JdbcStoreBuilder(DataSource dataSource) {
    this.file = null;
    this.url = null;
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
  }

  /**
   * Says what wraps the key that the store is sealed with.
   *
   * @param wrapper such as one of {@link KeyWrappers}
   * @return this builder
   */
  public JdbcStoreBuilder keyWrapper(KeyWrapper wrapper) {
    this.keyWrapper = Objects.requireNonNull(wrapper, "wrapper");
    return this;
  }

  /**
   * Says which keys the store takes.
   *
   * @param policy strict by default
   * @return this builder
   */
  public JdbcStoreBuilder keyPolicy(KeyPolicy policy) {
    this.keyPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Says who makes the changes, for the audit trail.
   *
   * @param name the user that the process runs as by default
   * @return this builder
   */
  public JdbcStoreBuilder actor(String name) {
    this.actor = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Takes an SQLite file that others than its owner may read or write. Unsafe: keys are sealed, but
   * endpoints, identities and the audit trail are not.
   *
   * @return this builder
   */
  public JdbcStoreBuilder allowWiderFileMode() {
    this.allowWiderFileMode = true;
    return this;
  }

  /** How long to wait for a lock that somebody else holds. */
  JdbcStoreBuilder lockTimeout(Duration timeout) {
    this.lockTimeout = timeout;
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
    requireWrapper();
    KeyRing keys = new KeyRing(keyWrapper, name());
    if (file != null) {
      file.check(allowWiderFileMode);
      probe(keys, this::check);
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
    requireWrapper();
    KeyRing keys = new KeyRing(keyWrapper, name());
    if (file != null) {
      Connections.driver(SQLITE_URL);
      file.create();
      file.check(allowWiderFileMode);
      checkNothing(keys);
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
        boolean passes = e.reason() == Reason.ALREADY_EXISTS || e.reason() == Reason.LOCKED;
        if (!passes || System.nanoTime() - start > lockTimeout.toNanos()) {
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

  private void requireWrapper() {
    if (keyWrapper == null) {
      throw new IllegalStateException("say what wraps the store's key: keyWrapper(…)");
    }
  }

  /**
   * Looks at a file by a connection that cannot write it: others do when they are closed, and what
   * turns out to be no store, or a damaged one, is to be left as it is.
   */
  private void probe(KeyRing keys, Consumer<Opening> check) {
    Database database = new Database(name(), file.readOnly(lockTimeout));
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

  private void checkNothing(KeyRing keys) {
    try {
      probe(keys, Opening::checkNothing);
    } catch (CredentialStoreException e) {
      throw e.reason() == Reason.NOT_A_STORE ? file.alreadyExists(e) : e;
    }
  }

  private void check(Opening opening) {
    opening.check(!allowWiderFileMode);
    if (file.hasLog()) {
      opening.checkAll(); // before it is written into the file: it may be that of another one
    }
  }

  private JdbcCredentialStore start(KeyRing keys, boolean creating) {
    Database database = new Database(name(), connections());
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

  private Connections connections() {
    if (file != null) {
      return file.connections(lockTimeout);
    }
    return dataSource != null
        ? Connections.of(dataSource, lockTimeout)
        : Connections.of(url, lockTimeout);
  }

  /** For messages; parameters and user information of a URL may hold a password. */
  private String name() {
    if (file != null) {
      return file.toString();
    }
    if (dataSource != null) {
      return "the data source's store";
    }
    return Printable.escape(url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//"));
  }
}
