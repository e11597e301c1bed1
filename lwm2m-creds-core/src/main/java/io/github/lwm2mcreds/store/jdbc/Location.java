// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.Printable;
import javax.sql.DataSource;

/** Where a store is. Its string is its name in messages, without a password. */
sealed interface Location permits SqliteFile, Location.Url, Location.CallersDataSource {
  /**
   * Returns the connections of a store there.
   *
   * @param limits how long they wait
   */
  Connections connections(TimeLimits limits);

  /** Behind a JDBC URL, whose parameters and user information may hold a password. */
  record Url(String url) implements Location {
    @Override
    public Connections connections(TimeLimits limits) {
      return Connections.of(url, limits);
    }

    @Override
    public String toString() {
      return Printable.escape(url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//"));
    }
  }

  /** Behind a pool of the caller's. */
  record CallersDataSource(DataSource dataSource) implements Location {
    @Override
    public Connections connections(TimeLimits limits) {
      return Connections.of(dataSource, limits);
    }

    @Override
    public String toString() {
      return "the data source's store";
    }
  }
}
