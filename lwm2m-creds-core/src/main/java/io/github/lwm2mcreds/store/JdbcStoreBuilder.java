package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import javax.sql.DataSource;

/** Describes a {@link JdbcCredentialStore}, and opens or makes it. */
public final class JdbcStoreBuilder {
  private static final String SQLITE_URL = "jdbc:sqlite:";

  private final SqliteFile file;
  private final String url;
  private final DataSource dataSource;
  private KeyWrapper keyWrapper;
  private boolean allowWiderFileMode;
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
    if (file != null) {
      file.check(allowWiderFileMode);
    }
    return start(false);
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
    if (file != null) {
      file.create();
      file.check(allowWiderFileMode);
    }
    return start(true);
  }

  /**
   * Opens a store, or makes it where there is none.
   *
   * @return the store
   * @throws CredentialStoreException if it cannot be opened or made; the reason says why
   */
  public JdbcCredentialStore openOrCreate() {
    try {
      return open();
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
    try {
      return create();
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.ALREADY_EXISTS) {
        throw e;
      }
    }
    return open(); // another process was faster
  }

  private void requireWrapper() {
    if (keyWrapper == null) {
      throw new IllegalStateException("say what wraps the store's key: keyWrapper(…)");
    }
  }

  private JdbcCredentialStore start(boolean creating) {
    Database database = new Database(name(), connections());
    try {
      KeyRing keys = new KeyRing(keyWrapper, database.name());
      Opening opening = new Opening(database, keys, clock);
      if (creating) {
        opening.create();
      }
      opening.open(!allowWiderFileMode);
      return new JdbcCredentialStore(this, database, keys);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private Connections connections() {
    if (file != null) {
      return file.connections();
    }
    return dataSource != null ? Connections.of(dataSource) : Connections.of(url);
  }

  /** For messages; parameters and user information of a URL may hold a password. */
  private String name() {
    if (file != null) {
      return file.path().toString();
    }
    if (dataSource != null) {
      return "the data source's store";
    }
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
  }
}
