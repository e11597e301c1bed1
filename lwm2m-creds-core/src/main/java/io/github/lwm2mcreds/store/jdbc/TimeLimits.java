// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.time.Duration;

/**
 * How long a store waits, wherever its connections come from.
 *
 * @param lock for a lock that somebody else holds
 * @param statement for a statement to end, its waiting for locks included
 */
record TimeLimits(Duration lock, Duration statement) {
  private static final Duration LONGEST_LOCK = Duration.ofDays(1);
  private static final Duration WORK = Duration.ofSeconds(20);
  private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

  /** Refuses what databases take for no limit, or cannot count. */
  static TimeLimits ofLock(Duration lock) {
    if (lock.compareTo(LONGEST_LOCK) > 0 || lock.toMillis() < 1) {
      throw new IllegalArgumentException(
          "a lock time-out is from 1 ms to " + LONGEST_LOCK.toDays() + " day; this is " + lock);
    }
    return new TimeLimits(lock, lock.plus(WORK));
  }

  int lockMillis() {
    return (int) lock.toMillis();
  }

  int statementMillis() {
    return (int) statement.toMillis();
  }

  /** For an answer to come: longer, so that the server is the one who says what happened. */
  Duration network() {
    return statement.plus(ON_THE_WAY);
  }
}
