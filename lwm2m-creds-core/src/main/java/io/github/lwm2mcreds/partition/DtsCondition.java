// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Evaluates what follows {@code #if} and its kind. */
final class DtsCondition {
  /**
   * The value of a condition, and what decided it.
   *
   * @param unknown whether something that is not known was decided
   * @param affirmed whether the caller's definitions were looked at
   */
  record Verdict(boolean holds, boolean unknown, boolean affirmed) {}

  private final DtsMacros macros;
  private final DtsConditions conditions;
  private final String guard;
  private final DtsPlace place;
  private boolean unknown;
  private boolean valueUnknown;
  private boolean affirmed;

  /**
   * Creates an evaluation.
   *
   * @param guard the name that the next line defines, so that it is not defined elsewhere; or empty
   */
  DtsCondition(DtsMacros macros, DtsConditions conditions, String guard, DtsPlace place) {
    this.macros = macros;
    this.conditions = conditions;
    this.guard = guard;
    this.place = place;
  }

  /** Evaluates {@code #ifdef}, or {@code #ifndef}. */
  Verdict isDefined(List<DtsToken> line, boolean wanted) throws FlashImageException {
    if (line.isEmpty() || !line.get(0).isIdentifier()) {
      throw place.malformed("a conditional needs a name");
    }
    return new Verdict(isDefined(line.get(0).text()) == wanted, unknown, affirmed);
  }

  /** Evaluates {@code #if} and {@code #elif}. */
  Verdict holds(List<DtsToken> line) throws FlashImageException {
    List<DtsToken> expression = macros.expand(withoutDefined(line));
    if (expression.isEmpty()) {
      throw place.malformed("#if needs an expression");
    }
    boolean callsFunction = callsFunction(expression);
    long value =
        callsFunction ? 0 : new DtsExpression(expression, place, this::undefinedName).value();
    boolean holds = callsFunction || valueUnknown ? decide(text(line)) : value != 0;
    return new Verdict(holds, unknown, affirmed);
  }

  private List<DtsToken> withoutDefined(List<DtsToken> line) throws FlashImageException {
    List<DtsToken> out = new ArrayList<>();
    for (int i = 0; i < line.size(); i++) {
      DtsToken token = line.get(i);
      affirmed |= token.isIdentifier() && conditions.isGiven(token.text());
      if (!token.isWord() || !token.text().equals("defined")) {
        out.add(token);
        continue;
      }
      boolean inParentheses = i + 1 < line.size() && line.get(i + 1).is('(');
      int name = inParentheses ? i + 2 : i + 1;
      int last = inParentheses ? i + 3 : i + 1;
      if (last >= line.size() || !line.get(name).isIdentifier()) {
        throw place.malformed("defined needs a name");
      }
      out.add(token.withText(isDefined(line.get(name).text()) ? "1" : "0"));
      i = last;
    }
    return out;
  }

  /** Whether something is called that only the real preprocessor knows. */
  private static boolean callsFunction(List<DtsToken> expression) {
    for (int i = 0; i + 1 < expression.size(); i++) {
      if (expression.get(i).isIdentifier() && expression.get(i + 1).is('(')) {
        return true;
      }
    }
    return false;
  }

  /** An identifier that no macro replaced is 0 if it is not defined, and else not known. */
  private long undefinedName(DtsToken identifier) {
    valueUnknown |= isDefined(identifier.text());
    return 0;
  }

  private boolean isDefined(String name) {
    affirmed |= conditions.isGiven(name);
    if (macros.isDefined(name)) {
      return true;
    }
    if (name.equals(guard) || macros.isUndefinedBySource(name) || conditions.isGiven(name)) {
      return false;
    }
    return decide(Printable.escape(DtsNumber.shortened(name)));
  }

  private boolean decide(String question) {
    unknown = true;
    return conditions.decide(question);
  }

  private static String text(List<DtsToken> line) {
    String all =
        line.stream()
            .map(token -> (token.spaced() ? " " : "") + token.text())
            .collect(Collectors.joining());
    return "'" + Printable.escape(DtsNumber.shortened(all.strip())) + "'";
  }
}
