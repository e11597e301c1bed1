// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.ArrayDeque;
import java.util.Deque;

/** The conditionals of a file that are open, and which of their branches are read. */
final class DtsBranches {
  private static final int MAX_DEPTH = 200;

  private static final class Conditional {
    final DtsPlace start;
    boolean active;
    boolean taken; // one of its branches was read
    boolean last; // #else was read
    boolean unknown; // something not known decides
    boolean affirmed; // something given decides

    Conditional(DtsPlace start) {
      this.start = start;
    }
  }

  private final DtsBranches including; // null in a file that no other includes
  private final Deque<Conditional> open = new ArrayDeque<>();

  DtsBranches(DtsBranches including) {
    this.including = including;
  }

  boolean areActive() {
    return open.stream().allMatch(conditional -> conditional.active);
  }

  /** Whether what is read depends on given definitions, and on nothing that is not known. */
  boolean areAffirmed() {
    boolean affirmed = false;
    for (DtsBranches file = this; file != null; file = file.including) {
      for (Conditional conditional : file.open) {
        if (conditional.unknown) {
          return false;
        }
        affirmed |= conditional.affirmed;
      }
    }
    return affirmed;
  }

  /**
   * Begins a conditional.
   *
   * @param condition null in a branch that is not read, where it is not evaluated
   */
  void begin(DtsCondition.Verdict condition, DtsPlace place) throws FlashImageException {
    if (open.size() == MAX_DEPTH) {
      throw place.malformed("conditionals are nested too deep");
    }
    Conditional conditional = new Conditional(place);
    conditional.taken = condition == null;
    open.push(conditional);
    if (condition != null) {
      take(conditional, condition);
    }
  }

  /** Whether the condition of an {@code #elif} counts. */
  boolean needCondition() {
    return !open.isEmpty() && !open.element().taken;
  }

  /** Goes on to {@code #elif}. */
  void otherwiseIf(DtsCondition.Verdict condition, DtsPlace place) throws FlashImageException {
    Conditional conditional = last("#elif", place);
    conditional.active = false;
    if (condition != null) {
      take(conditional, condition);
    }
  }

  /** Goes on to {@code #else}. */
  void otherwise(DtsPlace place) throws FlashImageException {
    Conditional conditional = last("#else", place);
    conditional.active = !conditional.taken;
    conditional.last = true;
  }

  void end(DtsPlace place) throws FlashImageException {
    if (open.isEmpty()) {
      throw place.malformed("#endif without #if");
    }
    open.pop();
  }

  void requireClosed() throws FlashImageException {
    if (!open.isEmpty()) {
      throw open.element().start.malformed("a conditional has no #endif");
    }
  }

  private Conditional last(String directive, DtsPlace place) throws FlashImageException {
    if (open.isEmpty() || open.element().last) {
      throw place.malformed(directive + " without #if");
    }
    return open.element();
  }

  private static void take(Conditional conditional, DtsCondition.Verdict condition) {
    conditional.unknown |= condition.unknown();
    conditional.affirmed |= condition.affirmed();
    conditional.active = condition.holds();
    conditional.taken = condition.holds();
  }
}
