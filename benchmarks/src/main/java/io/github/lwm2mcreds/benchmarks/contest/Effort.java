// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.util.Locale;

/** How long to measure. */
public enum Effort {
  /** Shows that all works; its figures mean nothing. */
  QUICK(1, 1, 1, 300, 1000),
  /** For trying something out. */
  SHORT(1, 8, 5, 2000, 100_000),
  /** With fewer starts than {@link #FULL}, for figures that do not decide. */
  REDUCED(2, 5, 5, 2000, 1_000_000),
  /** Where the figures in the READMEs come from. */
  FULL(3, 5, 5, 2000, 1_000_000);

  /** What a server has made before the CPU time of its whole process is worth comparing. */
  private static final int WARM = 100_000;

  /** How many times the rounds for it may be made so that a slow server gets there. */
  private static final int MOST_WARMUPS = 4;

  private final int forks;
  private final int warmups;
  private final int rounds;
  private final long roundMillis;
  private final int fleet;

  Effort(int forks, int warmups, int rounds, long roundMillis, int fleet) {
    this.forks = forks;
    this.warmups = warmups;
    this.rounds = rounds;
    this.roundMillis = roundMillis;
    this.fleet = fleet;
  }

  /** Returns how often to start with new server processes, as no two JVMs compile alike. */
  int forks() {
    return forks;
  }

  /**
   * Returns whether the next round of a fork counts.
   *
   * @param before how many rounds there were
   * @param handshakes the least that any server has made in them
   */
  boolean isWarm(int before, long handshakes) {
    return before >= warmups
        && (this == QUICK || handshakes >= WARM || before >= warmups * MOST_WARMUPS);
  }

  /** Returns how many rounds of a fork count. */
  int rounds() {
    return rounds;
  }

  /** Returns how long a round lasts. */
  long roundMillis() {
    return roundMillis;
  }

  /** Returns the size of the largest fleet. */
  public int fleet() {
    return fleet;
  }

  /** Returns the name as a command takes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
