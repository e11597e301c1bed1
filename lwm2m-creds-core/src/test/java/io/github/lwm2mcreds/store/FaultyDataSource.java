package io.github.lwm2mcreds.store;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections to an SQLite file, which are counted, held up, or refused. A store takes one for each
 * query or transaction.
 */
final class FaultyDataSource implements DataSource {
  private final String url;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile int left = Integer.MAX_VALUE;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  FaultyDataSource(Path file) {
    this.url = "jdbc:sqlite:" + file;
  }

  /** How many connections were taken. */
  int taken() {
    return taken.get();
  }

  /** Refuses connections after some more. */
  void failAfter(int more) {
    left = taken.get() + more;
  }

  void recover() {
    left = Integer.MAX_VALUE;
  }

  /** Has all who want a connection wait until {@link #release}. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  @Override
  public Connection getConnection() throws SQLException {
    int number = taken.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (number > left) {
      throw new SQLException("out of reach");
    }
    return DriverManager.getConnection(url);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // not used
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // not used
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    throw new SQLException();
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return false;
  }
}
