// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/**
 * What came out of a case.
 *
 * @param why empty if all is well
 */
record Outcome(Kind kind, String why) {
  enum Kind {
    OK("ok"),
    /** The peer has not what the case needs. */
    NO("no"),
    FAILS("fails");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static final Outcome OK = new Outcome(Kind.OK, "");

  static Outcome no(String why) {
    return new Outcome(Kind.NO, why);
  }

  static Outcome fails(String why) {
    return new Outcome(Kind.FAILS, why);
  }

  /** Reads what {@link #toString} writes. */
  static Outcome parse(String text) {
    for (Kind kind : Kind.values()) {
      if (text.equals(kind.word)) {
        return new Outcome(kind, "");
      }
      if (text.startsWith(kind.word + ": ")) {
        return new Outcome(kind, text.substring(kind.word.length() + 2));
      }
    }
    throw new IllegalArgumentException(text);
  }

  @Override
  public String toString() {
    return kind.word() + (why.isEmpty() ? "" : ": " + why);
  }
}
