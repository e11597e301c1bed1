// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.DtsToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts the arguments of a macro's use into its body. */
final class DtsSubstitution {
  /** Expands the macros in an argument. */
  interface Expansion {
    List<DtsToken> of(List<DtsToken> argument) throws FlashImageException;
  }

  private final DtsMacro macro;
  private final Map<String, List<DtsToken>> arguments;
  private final Expansion expansion;
  private final DtsBudget budget;
  private final List<DtsToken> out = new ArrayList<>();
  private boolean pasting; // ## came before
  private int start; // of the operands of ## in the output, or of what comes next
  private boolean spaced; // a blank stands before the first of them

  DtsSubstitution(
      DtsMacro macro,
      Map<String, List<DtsToken>> arguments,
      Expansion expansion,
      DtsBudget budget) {
    this.macro = macro;
    this.arguments = arguments;
    this.expansion = expansion;
    this.budget = budget;
  }

  List<DtsToken> tokens(DtsToken use) throws FlashImageException {
    List<DtsToken> body = macro.body();
    for (int i = 0; i < body.size(); i++) {
      if (macro.isPaste(i)) {
        pasting = true;
        i++;
        continue;
      }
      if (!pasting) {
        start = out.size();
        spaced = body.get(i).spaced();
      }
      if (body.get(i).is('#') && argument(i + 1) != null) {
        i++;
        add(List.of(quoted(argument(i), use)));
      } else if (argument(i) != null) {
        addArgument(i);
      } else {
        add(List.of(body.get(i).expandedFrom(use)));
      }
      pasting = false;
    }
    if (!out.isEmpty()) {
      out.set(0, out.get(0).withSpaced(use.spaced()));
    }
    return out;
  }

  /** Returns the argument whose parameter is at an index of the body; null if none is. */
  private List<DtsToken> argument(int i) {
    boolean isWord = i < macro.body().size() && macro.body().get(i).isWord();
    return isWord ? arguments.get(macro.body().get(i).text()) : null;
  }

  /** Adds an argument; without any in place of {@code ...}, a comma before it goes, as in GCC. */
  private void addArgument(int i) throws FlashImageException {
    List<DtsToken> argument = argument(i);
    if (pasting && argument.isEmpty() && macro.isVariadic(macro.body().get(i))) {
      if (out.size() > start && out.get(out.size() - 1).is(',')) {
        out.remove(out.size() - 1);
      }
      return;
    }
    add(pasting || macro.isPaste(i + 1) ? argument : expansion.of(argument));
  }

  private void add(List<DtsToken> part) throws FlashImageException {
    budget.spend(part.size());
    if (part.isEmpty()) {
      return;
    }
    DtsToken first = part.get(0);
    int at = out.size();
    out.addAll(part);
    if (at > start && out.get(at - 1).isWord() && first.isWord()) {
      String joined = out.get(at - 1).text() + first.text();
      budget.spend(joined.length());
      out.set(at - 1, out.get(at - 1).withText(joined));
      out.remove(at);
    } else {
      out.set(at, first.withSpaced(at == start && spaced));
    }
  }

  /** Returns an argument as a string, as {@code #} makes it. */
  private DtsToken quoted(List<DtsToken> argument, DtsToken use) throws FlashImageException {
    String text = argument.stream().map(DtsSubstitution::spelled).collect(Collectors.joining());
    budget.spend(text.length());
    return new DtsToken(Kind.STRING, text.strip(), use.place(), spaced, null);
  }

  private static String spelled(DtsToken token) {
    String escaped = token.text().replace("\\", "\\\\").replace("\"", "\\\"");
    String text =
        switch (token.kind()) {
          case STRING -> "\\\"" + escaped + "\\\"";
          case CHARACTER -> "'" + escaped + "'";
          default -> token.text();
        };
    return token.spaced() ? " " + text : text;
  }
}
