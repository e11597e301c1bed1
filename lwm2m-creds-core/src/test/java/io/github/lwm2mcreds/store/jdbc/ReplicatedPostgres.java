// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.awaitility.Awaitility.await;

import java.util.function.Consumer;

/**
 * Two PostgreSQL servers, one of which streams all that changes to the other, which may take over.
 */
public final class ReplicatedPostgres implements AutoCloseable {
  private static final String DATABASE = "fleet";

  private final ServerFolder folder;
  private final PostgresServer primary;
  private final PostgresServer standby;

  /** Starts both, with an empty database. */
  public ReplicatedPostgres() {
    PostgresServer.require();
    folder = new ServerFolder("replicated");
    try {
      primary = PostgresServer.make(folder);
      standby = primary.standby();
      primary.start();
      standby.start();
      primary.execute("CREATE DATABASE " + DATABASE);
      awaitCaughtUp();
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /** A JDBC URL that names both servers, and finds the one that can be written. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?%s"
        .formatted(primary.port(), standby.port(), DATABASE, primary.login());
  }

  /** Waits until the standby has all that was committed on the primary. */
  public void awaitCaughtUp() {
    await().until(this::isCaughtUp);
  }

  private boolean isCaughtUp() {
    String position = primary.query("SELECT pg_current_wal_lsn()");
    return "t".equals(standby.query("SELECT pg_last_wal_replay_lsn() >= '" + position + "'"));
  }

  /** Makes each commit on the primary wait until the standby has it. */
  public void replicateSynchronously() {
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.execute("SELECT pg_reload_conf()");
    await().until(() -> "sync".equals(primary.query("SELECT sync_state FROM pg_stat_replication")));
  }

  /** Whether a commit on the primary waits for the standby. */
  public boolean isCommitWaiting() {
    String waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    return !"0".equals(primary.query(waiting));
  }

  /** Cuts the standby off: it receives nothing of what is committed on the primary from now on. */
  public void cutStandbyOff() {
    standby.execute("ALTER SYSTEM SET primary_conninfo = ''");
    standby.execute("SELECT pg_reload_conf()");
    await().until(() -> "0".equals(standby.query("SELECT count(*) FROM pg_stat_wal_receiver")));
    await().until(() -> "0".equals(primary.query("SELECT count(*) FROM pg_stat_replication")));
  }

  /** Kills the primary, which does not come back. */
  public void killPrimary() {
    primary.kill();
    await().until(() -> !primary.takesConnections());
  }

  /**
   * Makes the standby a primary.
   *
   * @param before given the URL of this server alone, and called before it is found through {@link
   *     #url}
   */
  public void promoteStandby(Consumer<String> before) {
    setReadOnly("on"); // so it is no primary that a store looks for
    standby.execute("SELECT pg_promote(true, 60)");
    await().until(() -> "f".equals(standby.query("SELECT pg_is_in_recovery()")));
    before.accept(standby.url(DATABASE) + "&options=-c%20default_transaction_read_only=off");
    setReadOnly("off");
  }

  private void setReadOnly(String value) {
    standby.execute("ALTER SYSTEM SET default_transaction_read_only = " + value);
    standby.execute("SELECT pg_reload_conf()");
    await().until(() -> value.equals(standby.query("SHOW default_transaction_read_only")));
  }

  @Override
  public void close() {
    folder.close();
  }
}
