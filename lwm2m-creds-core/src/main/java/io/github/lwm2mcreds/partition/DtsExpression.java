// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.List;

/** Evaluates C's integer expressions, as in a conditional or a devicetree cell. */
final class DtsExpression {
  private static final int MAX_DEPTH = 100;

  /** Binary operators, from those that bind least. */
  private static final List<List<String>> OPERATORS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("|"),
          List.of("^"),
          List.of("&"),
          List.of("==", "!="),
          List.of("<=", ">=", "<", ">"),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  private static final List<String> TWO_CHARACTERS =
      List.of("||", "&&", "==", "!=", "<=", ">=", "<<", ">>");

  /** Values of identifiers. */
  interface Names {
    long value(DtsToken identifier) throws FlashImageException;
  }

  private final List<DtsToken> tokens;
  private final Names names;
  private final DtsPlace place;
  private int at;
  private int depth;
  private boolean skipped; // the operand does not count, such as after "0 &&"

  DtsExpression(List<DtsToken> tokens, DtsPlace place, Names names) {
    this.tokens = tokens;
    this.place = place;
    this.names = names;
  }

  /** Evaluates all tokens. */
  long value() throws FlashImageException {
    long value = ternary();
    if (at < tokens.size()) {
      throw place.malformed("an expression goes on after its end");
    }
    return value;
  }

  /** Evaluates the expression in parentheses that begins at an index. */
  long parenthesised(int index) throws FlashImageException {
    at = index;
    return primary();
  }

  /** Returns the index after what was evaluated. */
  int end() {
    return at;
  }

  private long ternary() throws FlashImageException {
    if (++depth > MAX_DEPTH) {
      throw place.malformed("an expression is nested too deep");
    }
    long condition = binary(0);
    if (takes("?")) {
      long yes = unless(condition == 0, this::ternary);
      expect(":");
      long no = unless(condition != 0, this::ternary);
      condition = condition != 0 ? yes : no;
    }
    depth--;
    return condition;
  }

  private interface Operand {
    long value() throws FlashImageException;
  }

  private long unless(boolean skip, Operand operand) throws FlashImageException {
    boolean before = skipped;
    skipped |= skip;
    long value = operand.value();
    skipped = before;
    return value;
  }

  private long binary(int level) throws FlashImageException {
    if (level == OPERATORS.size()) {
      return unary();
    }
    long left = binary(level + 1);
    for (String operator = operator(level); operator != null; operator = operator(level)) {
      boolean decided = operator.equals("&&") && left == 0 || operator.equals("||") && left != 0;
      long right = unless(decided, () -> binary(level + 1));
      left = apply(operator, left, right);
    }
    return left;
  }

  private String operator(int level) {
    for (String operator : OPERATORS.get(level)) {
      if (operator.equals(peek())) {
        at += operator.length();
        return operator;
      }
    }
    return null;
  }

  private long apply(String operator, long a, long b) throws FlashImageException {
    return switch (operator) {
      case "||" -> truth(a != 0 || b != 0);
      case "&&" -> truth(a != 0 && b != 0);
      case "|" -> a | b;
      case "^" -> a ^ b;
      case "&" -> a & b;
      case "==" -> truth(a == b);
      case "!=" -> truth(a != b);
      case "<=" -> truth(a <= b);
      case ">=" -> truth(a >= b);
      case "<" -> truth(a < b);
      case ">" -> truth(a > b);
      case "<<" -> b < 0 || b >= Long.SIZE ? 0 : a << b;
      case ">>" -> b < 0 || b >= Long.SIZE ? 0 : a >> b;
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      default -> divided(operator, a, b);
    };
  }

  private long divided(String operator, long a, long b) throws FlashImageException {
    if (b == 0) {
      if (skipped) {
        return 0;
      }
      throw place.malformed("an expression divides by zero");
    }
    return operator.equals("/") ? a / b : a % b;
  }

  private static long truth(boolean value) {
    return value ? 1 : 0;
  }

  private long unary() throws FlashImageException {
    if (++depth > MAX_DEPTH) {
      throw place.malformed("an expression is nested too deep");
    }
    long value;
    if (takes("!")) {
      value = truth(unary() == 0);
    } else if (takes("-")) {
      value = -unary();
    } else if (takes("+")) {
      value = unary();
    } else {
      value = takes("~") ? ~unary() : primary();
    }
    depth--;
    return value;
  }

  private long primary() throws FlashImageException {
    if (takes("(")) {
      long value = ternary();
      expect(")");
      return value;
    }
    if (at >= tokens.size()) {
      throw place.malformed("an expression ends too early");
    }
    DtsToken token = tokens.get(at++);
    if (token.isIdentifier()) {
      return skipped ? 0 : names.value(token);
    }
    return DtsNumber.value(token);
  }

  private boolean takes(String operator) {
    boolean found = operator.equals(peek());
    at += found ? operator.length() : 0;
    return found;
  }

  private void expect(String what) throws FlashImageException {
    if (!takes(what)) {
      throw place.malformed("an expression needs a " + what);
    }
  }

  /** Returns the operator or parenthesis that comes next; null if there is none. */
  private String peek() {
    if (at >= tokens.size() || tokens.get(at).kind() != DtsToken.Kind.PUNCTUATION) {
      return null;
    }
    String one = tokens.get(at).text();
    if (at + 1 < tokens.size() && !tokens.get(at + 1).spaced()) {
      String two = one + tokens.get(at + 1).text();
      return TWO_CHARACTERS.contains(two) ? two : one;
    }
    return one;
  }
}
