// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** Connections of a caller's data source, each of which goes back after use as it was. */
final class CallersConnections extends Connections {
  private static final long LONG_NANOS = Duration.ofMillis(500).toNanos();

  private final DataSource dataSource;
  private final TimeLimits limits;

  /** Since when each thread waits that does. */
  private final Queue<Long> waiting = new ConcurrentLinkedQueue<>();

  CallersConnections(DataSource dataSource, TimeLimits limits) {
    this.dataSource = dataSource;
    this.limits = limits;
  }

  @Override
  JdbcSession take() throws SQLException {
    return session(connection(), true, limits);
  }

  private Connection connection() throws SQLException {
    Long since = System.nanoTime();
    waiting.add(since);
    try {
      return dataSource.getConnection();
    } catch (RuntimeException e) {
      throw e.getCause() instanceof SQLException cause
          ? cause
          : new SQLException("the data source failed with " + e.getClass().getSimpleName(), e);
    } finally {
      waiting.remove(since);
    }
  }

  @Override
  boolean areScarce() {
    Long oldest = waiting.peek();
    return oldest != null && System.nanoTime() - oldest > LONG_NANOS;
  }

  @Override
  void giveBack(JdbcSession session) throws SQLException {
    session.close();
  }

  @Override
  void close() {
    // the pool is the caller's
  }
}
