// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.time.Duration;

/**
 * What a server takes from its callers.
 *
 * @param requestTime in which a request has to be there and answered, TLS included, and after which
 *     a connection without one ends
 * @param listTime in which a list has to be taken off
 * @param connections at a time
 * @param connectionsPerAddress at a time
 * @param requestsPerSecond of one caller, who may send twice as many at once
 * @param failureDelay after which callers whose calls failed several times are answered
 */
record Limits(
    Duration requestTime,
    Duration listTime,
    int connections,
    int connectionsPerAddress,
    int requestsPerSecond,
    Duration failureDelay) {
  /** Of a request's body; a credential of the longest names, all escaped, has less. */
  static final int BODY_BYTES = 16 * 1024;

  /** Of a request's line and headers. */
  static final int HEADER_BYTES = 8 * 1024;

  /** Lists that are sent at a time. */
  static final int LISTS = 4;

  /** Bodies of one caller that are waited for at a time, which takes a thread each. */
  static final int BODIES_OF_ONE = 6;

  /** Bodies that are waited for at a time; fewer than there are threads. */
  static final int BODIES = 16;

  /** Calls of one address that fail and are answered at once; every five seconds one more is. */
  static final int FAILURES_AT_ONCE = 5;

  static final double FAILURES_PER_SECOND = 0.2;

  /** Addresses whose failures are remembered. */
  static final int ADDRESSES = 4096;

  static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(30), Duration.ofMinutes(10), 256, 32, 100, Duration.ofSeconds(2));

  Limits withRequestsPerSecond(int number) {
    return new Limits(
        requestTime, listTime, connections, connectionsPerAddress, number, failureDelay);
  }
}
