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
  /**
   * A macro.
   *
   * @param parameters null if it takes none and no parentheses
   */
  private record Macro(List<String> parameters, List<DtsToken> body) {}

  /** The tokens that follow. */
  interface Following {
    /** Returns the next token; null after the last one. */
    DtsToken next() throws FlashImageException;
  }

  private static final DtsPlace NOWHERE = new DtsPlace("", 0, false);
  private static final int MAX_ARGUMENT_TOKENS = 10_000;
  private static final int MAX_DEPTH = 100;

  private final Map<String, Macro> macros = new HashMap<>();
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
    if (definition.isEmpty() || !definition.get(0).isIdentifier()) {
      throw place.malformed("#define needs a name");
    }
    List<String> parameters = null;
    int at = 1;
    if (at < definition.size() && definition.get(at).is('(') && !definition.get(at).spaced()) {
      parameters = new ArrayList<>();
      for (at++; at < definition.size() && !definition.get(at).is(')'); at++) {
        if (!definition.get(at).is(',')) {
          parameters.add(definition.get(at).text());
        }
      }
      at = Math.min(at + 1, definition.size());
    }
    List<DtsToken> body = List.copyOf(definition.subList(at, definition.size()));
    macros.put(definition.get(0).text(), new Macro(parameters, body));
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
    Macro macro = token.isIdentifier() ? macros.get(token.text()) : null;
    if (macro == null || Hidden.contains(token.hidden(), token.text())) {
      return false;
    }
    Map<String, List<DtsToken>> arguments = Map.of();
    if (macro.parameters != null) {
      DtsToken open = pending.isEmpty() ? following.next() : pending.poll();
      if (open == null || !open.is('(')) {
        if (open != null) {
          pending.push(open);
        }
        return false;
      }
      arguments = arguments(token, macro, pending, following);
    }
    List<DtsToken> body = substituted(token, macro, arguments);
    budget.spend(body.size());
    for (int i = body.size() - 1; i >= 0; i--) {
      pending.push(body.get(i));
    }
    return true;
  }

  private Map<String, List<DtsToken>> arguments(
      DtsToken use, Macro macro, Deque<DtsToken> pending, Following following)
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
      if (open == 1 && token.is(',')) {
        arguments.add(new ArrayList<>());
      } else {
        arguments.get(arguments.size() - 1).add(token);
      }
    }
    if (arguments.size() != Math.max(macro.parameters.size(), 1)) {
      throw use.place().malformed("a macro has the wrong number of arguments");
    }
    Map<String, List<DtsToken>> byName = new HashMap<>();
    for (int i = 0; i < macro.parameters.size(); i++) {
      byName.put(macro.parameters.get(i), arguments.get(i));
    }
    return byName;
  }

  private List<DtsToken> substituted(
      DtsToken use, Macro macro, Map<String, List<DtsToken>> arguments) throws FlashImageException {
    List<DtsToken> out = new ArrayList<>();
    boolean pasting = false;
    for (int i = 0; i < macro.body.size(); i++) {
      if (isPaste(macro.body, i)) {
        pasting = true;
        i++;
        continue;
      }
      DtsToken token = macro.body.get(i);
      List<DtsToken> argument = token.isWord() ? arguments.get(token.text()) : null;
      if (argument == null) {
        add(List.of(token.expandedFrom(use)), pasting, out);
      } else {
        boolean raw = pasting || isPaste(macro.body, i + 1);
        add(raw ? argument : expand(argument), pasting, out);
      }
      pasting = false;
    }
    if (!out.isEmpty()) {
      out.set(0, out.get(0).withSpaced(use.spaced()));
    }
    return out;
  }

  private void add(List<DtsToken> part, boolean pasting, List<DtsToken> out)
      throws FlashImageException {
    budget.spend(part.size());
    if (!pasting || part.isEmpty() || out.isEmpty()) {
      out.addAll(part);
      return;
    }
    DtsToken left = out.get(out.size() - 1);
    out.set(out.size() - 1, left.withText(left.text() + part.get(0).text()));
    out.addAll(part.subList(1, part.size()));
  }

  private static boolean isPaste(List<DtsToken> body, int i) {
    return i + 1 < body.size()
        && body.get(i).is('#')
        && body.get(i + 1).is('#')
        && !body.get(i + 1).spaced();
  }
}
