// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.util.StringJoiner;

/**
 * What a server process has used since it started.
 *
 * @param handshakes handshakes that ended in an echo
 * @param cpuNanos CPU time of the threads that serve; of a JVM, without its compiler's and
 *     collector's threads
 * @param gcNanos CPU time of a JVM's collector
 * @param processNanos CPU time of the whole process
 * @param allocatedBytes what a JVM's threads allocated; 0 for a process that is not a JVM
 * @param contextSwitches voluntary and involuntary, of all threads
 */
public record ServerUsage(
    long handshakes,
    long cpuNanos,
    long gcNanos,
    long processNanos,
    long allocatedBytes,
    long contextSwitches) {

  public ServerUsage since(ServerUsage before) {
    return new ServerUsage(
        handshakes - before.handshakes,
        cpuNanos - before.cpuNanos,
        gcNanos - before.gcNanos,
        processNanos - before.processNanos,
        allocatedBytes - before.allocatedBytes,
        contextSwitches - before.contextSwitches);
  }

  String toLine() {
    return new StringJoiner(" ")
        .add(Long.toString(handshakes))
        .add(Long.toString(cpuNanos))
        .add(Long.toString(gcNanos))
        .add(Long.toString(processNanos))
        .add(Long.toString(allocatedBytes))
        .add(Long.toString(contextSwitches))
        .toString();
  }

  static ServerUsage ofLine(String line) {
    String[] numbers = line.split(" ");
    return new ServerUsage(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        Long.parseLong(numbers[2]),
        Long.parseLong(numbers[3]),
        Long.parseLong(numbers[4]),
        Long.parseLong(numbers[5]));
  }
}
