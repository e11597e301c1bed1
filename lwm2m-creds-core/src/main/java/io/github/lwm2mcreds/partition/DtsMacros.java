// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.DtsToken.Hidden;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The macros that are defined where the source is being read, and what they expand to. */
final class DtsMacros {
  /** The tokens that follow. */
  interface Following {
    /** Returns the next token; null after the last one. */
    DtsToken next() throws FlashImageException;
  }

  private static final DtsPlace NOWHERE = new DtsPlace("", 0, false);
  private static final int MAX_ARGUMENT_TOKENS = 10_000;
  private static final int MAX_DEPTH = 100;

  private final Map<String, DtsMacro> macros = new HashMap<>();
  private final Set<String> undefinedBySource = new HashSet<>();
  private final DtsBudget budget;
  private int depth;

  /** Creates the macros that Zephyr's {@code mem.h} defines for every devicetree. */
  DtsMacros(DtsBudget budget) throws FlashImageException {
    this.budget = budget;
    define(DtsLexer.tokens("DT_SIZE_K(x) ((x) * 1024)", NOWHERE), NOWHERE);
    define(DtsLexer.tokens("DT_SIZE_M(x) ((x) * 1024 * 1024)", NOWHERE), NOWHERE);
    define(DtsLexer.tokens("DT_ADDR(a) 0x##a", NOWHERE), NOWHERE);
  }

  /** Defines a macro from what follows {@code #define}. */
  void define(List<DtsToken> definition, DtsPlace place) throws FlashImageException {
    DtsMacro macro = DtsMacro.of(definition, place);
    macros.put(definition.get(0).text(), macro);
  }

  void undefine(String name) {
    macros.remove(name);
    undefinedBySource.add(name);
  }

  boolean isDefined(String name) {
    return macros.containsKey(name);
  }

  boolean isUndefinedBySource(String name) {
    return undefinedBySource.contains(name);
  }

  /** Expands a whole list. */
  List<DtsToken> expand(List<DtsToken> tokens) throws FlashImageException {
    if (++depth > MAX_DEPTH && !tokens.isEmpty()) {
      throw tokens.get(0).place().malformed("macros are nested too deep");
    }
    Deque<DtsToken> rest = new ArrayDeque<>(tokens);
    List<DtsToken> out = new ArrayList<>();
    for (DtsToken token = rest.poll(); token != null; token = rest.poll()) {
      if (!expand(token, rest, () -> null)) {
        out.add(token);
      }
    }
    depth--;
    return out;
  }

  /**
   * Expands a token in front of those that follow it.
   *
   * @param pending takes the expansion at its front
   * @param following what comes after those that are pending
   * @return false if it is not a macro, and nothing changed
   */
  boolean expand(DtsToken token, Deque<DtsToken> pending, Following following)
      throws FlashImageException {
    budget.spend(1);
    DtsMacro macro = token.isIdentifier() ? macros.get(token.text()) : null;
    if (macro == null || Hidden.contains(token.hidden(), token.text())) {
      return false;
    }
    Map<String, List<DtsToken>> arguments = Map.of();
    if (macro.parameters() != null) {
      DtsToken open = pending.isEmpty() ? following.next() : pending.poll();
      if (open == null || !open.is('(')) {
        if (open != null) {
          pending.push(open);
        }
        return false;
      }
      arguments = arguments(token, macro, pending, following);
    }
    List<DtsToken> body = new DtsSubstitution(macro, arguments, this::expand, budget).tokens(token);
    budget.spend(body.size());
    for (int i = body.size() - 1; i >= 0; i--) {
      pending.push(body.get(i));
    }
    return true;
  }

  private Map<String, List<DtsToken>> arguments(
      DtsToken use, DtsMacro macro, Deque<DtsToken> pending, Following following)
      throws FlashImageException {
    List<List<DtsToken>> arguments = new ArrayList<>();
    arguments.add(new ArrayList<>());
    int open = 1;
    for (int count = 0; ; count++) {
      DtsToken token = pending.isEmpty() ? following.next() : pending.poll();
      if (token == null || count > MAX_ARGUMENT_TOKENS) {
        throw use.place().malformed("the arguments of a macro have no end");
      }
      open += token.is('(') ? 1 : token.is(')') ? -1 : 0;
      if (open == 0) {
        break;
      }
      if (open == 1 && token.is(',') && !macro.takesComma(arguments.size())) {
        arguments.add(new ArrayList<>());
      } else {
        arguments.get(arguments.size() - 1).add(token);
      }
    }
    return macro.byName(arguments, use.place());
  }
}
