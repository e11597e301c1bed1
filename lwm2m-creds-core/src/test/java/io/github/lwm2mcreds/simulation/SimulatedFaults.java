// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.simulation;

import io.github.lwm2mcreds.store.Faults;
import java.util.Random;

/**
 * A connection that is out of reach at times, dies between a change and its answer, and is answered
 * late. It begins calm.
 */
final class SimulatedFaults extends Faults {
  private final Random random;
  private final Runnable meanwhile;
  private boolean troubled;
  private boolean down;
  private boolean late;

  /**
   * Makes a connection.
   *
   * @param meanwhile what happens between an answer and its arrival
   */
  SimulatedFaults(Random random, Runnable meanwhile) {
    this.random = random;
    this.meanwhile = meanwhile;
  }

  /** Begins, or ends, to fail. */
  void trouble(boolean on) {
    troubled = on;
  }

  /** Loses the database, or has it back. */
  void toggle() {
    down = !down;
  }

  @Override
  public boolean enter() {
    return !troubled || !down && random.nextInt(20) > 0;
  }

  @Override
  public boolean leave() {
    if (!troubled) {
      return true;
    }
    if (!late && random.nextInt(4) == 0) {
      late = true; // not while something happens already
      meanwhile.run();
      late = false;
    }
    return random.nextInt(20) > 0;
  }
}
