// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/** What a pooler between here and PostgreSQL, such as PgBouncer, cannot do as it is set up. */
enum PoolerRefusal {
  /** Told by the server, about a statement that another session has or does not have. */
  PREPARED("prepared statement") {
    @Override
    String advice(String cause) {
      return "is behind a pooler that shares its sessions, where statements cannot be prepared on"
          + " the server: set prepareThreshold=0 in the JDBC URL; "
          + cause;
    }
  },

  PARAMETER("startup parameter") {
    @Override
    String advice(String cause) {
      return "is behind a pooler that does not pass a parameter of the JDBC URL on: "
          + cause
          + "; take it out of the URL (in place of currentSchema: ALTER ROLE … SET search_path)";
    }
  },

  STATEMENT_MODE("statement pooling mode") {
    @Override
    String advice(String cause) {
      return "is behind a pooler without transactions: set its pool_mode to transaction or session";
    }
  };

  private static final String PROTOCOL_VIOLATION = "08P01";

  private final String sign;

  PoolerRefusal(String sign) {
    this.sign = sign;
  }

  /** Finds out which one a failure is: all of a pooler's own failures have one code. */
  static Optional<PoolerRefusal> of(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return Arrays.stream(values())
        .filter(refusal -> refusal != PREPARED && PROTOCOL_VIOLATION.equals(e.getSQLState()))
        .filter(refusal -> message.contains(refusal.sign))
        .findAny();
  }

  /** What is wrong and what to set. */
  abstract String advice(String cause);
}
