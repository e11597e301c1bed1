// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.util.Optional;

/**
 * What became of one step of a plan.
 *
 * @param step the step
 * @param outcome what became of it
 * @param problem why it was not done, for people; empty if it was
 */
public record SyncResult(SyncStep step, Outcome outcome, Optional<String> problem) {
  /** What became of a step. */
  public enum Outcome {
    /** It is done. */
    DONE,
    /** It failed. The same synchronisation, run again, tries it again. */
    FAILED,
    /** The store was changed meanwhile; the next synchronisation does what is right then. */
    OVERTAKEN
  }

  static SyncResult done(SyncStep step) {
    return new SyncResult(step, Outcome.DONE, Optional.empty());
  }

  static SyncResult failed(SyncStep step, String problem) {
    return new SyncResult(step, Outcome.FAILED, Optional.of(problem));
  }

  static SyncResult overtaken(SyncStep step, String problem) {
    return new SyncResult(step, Outcome.OVERTAKEN, Optional.of(problem));
  }
}
