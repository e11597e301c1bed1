// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the keys of a fleet look like as a whole. It is a function of the store at one position of
 * its history, and holds no key.
 *
 * @param position where the history stood
 * @param credentials how many there are, current and next
 * @param unopened how many of them have a key that does not open
 * @param bytes how many bytes the keys have together
 * @param ones how many bits of them are set
 * @param chiSquare of how often each of the 256 values comes, with 255 degrees of freedom; 0 if
 *     there are fewer than {@link FleetKeys#MIN_BYTES} bytes
 * @param neverRenewed how many endpoints have the first key they ever had
 * @param oldestKey when the oldest key was added or took over; empty if there is none
 * @param findings what was found, the worst first
 */
public record FleetReport(
    Position position,
    long credentials,
    long unopened,
    long bytes,
    long ones,
    double chiSquare,
    long neverRenewed,
    Optional<Instant> oldestKey,
    List<FleetFinding> findings) {
  /**
   * Makes a report, with a copy of the list.
   *
   * @param position where the history stood
   * @param credentials how many there are, current and next
   * @param unopened how many of them have a key that does not open
   * @param bytes how many bytes the keys have together
   * @param ones how many bits of them are set
   * @param chiSquare of how often each of the 256 values comes, with 255 degrees of freedom; 0 if
   *     there are fewer than {@link FleetKeys#MIN_BYTES} bytes
   * @param neverRenewed how many endpoints have the first key they ever had
   * @param oldestKey when the oldest key was added or took over; empty if there is none
   * @param findings what was found, the worst first
   */
  public FleetReport {
    findings = List.copyOf(findings);
  }
}
