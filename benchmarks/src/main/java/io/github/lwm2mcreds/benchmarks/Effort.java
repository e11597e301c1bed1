package io.github.lwm2mcreds.benchmarks;

/**
 * How long to measure.
 *
 * @param forks how often to begin again with new server processes, as no two JVMs compile alike
 * @param warmups rounds that do not count, a fork
 * @param rounds rounds that count, a fork
 * @param roundMillis how long a round lasts
 * @param fleet the largest fleet
 */
record Effort(int forks, int warmups, int rounds, long roundMillis, int fleet) {
  /** With fewer starts, for what is not among the figures that decide. */
  Effort shorter() {
    return new Effort(Math.max(1, forks - 1), warmups, rounds, roundMillis, fleet);
  }

  static Effort valueOf(String name) {
    return switch (name) {
      case "FULL" -> FULL;
      case "SHORT" -> SHORT;
      default -> QUICK;
    };
  }

  /** Shows that all works; its figures say nothing. */
  static final Effort QUICK = new Effort(1, 1, 1, 300, 1000);

  /** What the figures in the READMEs come from. */
  static final Effort FULL = new Effort(3, 5, 5, 2000, 1_000_000);

  /** For trying something out. */
  static final Effort SHORT = new Effort(1, 8, 5, 2000, 100_000);
}
