// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns sources into tokens as C's preprocessor does: conditionals, includes and macros are carried
 * out. Sources follow each other as in a Zephyr build, so that a macro of the first holds in the
 * second.
 */
final class DtsPreprocessor {
  private static final int MAX_INCLUDE_DEPTH = 32;
  private static final int MAX_INCLUDES = 1000;
  private static final Pattern DIRECTIVE =
      Pattern.compile(
          "\\s*#\\s*(include|define|undef|ifdef|ifndef|if|elif|else|endif|error|warning|pragma|line"
              + "|ident|[0-9]+)(?![\\w,.+*?@-])");
  private static final Pattern DEFINITION = Pattern.compile("\\s*#\\s*define\\s+(\\w+)");
  private static final Pattern ANGLED = Pattern.compile("\\s*<([^>]+)>\\s*");

  /** An include that is not there. */
  record MissingInclude(String name, DtsPlace place) {
    /** Whether it has nodes: headers have only macros. */
    boolean hasNodes() {
      return !name.endsWith(".h");
    }
  }

  /** A file that is being read, and its conditionals. */
  private record Open(DtsLines lines, DtsBranches branches) {}

  private final Iterator<DtsSource> sources;
  private final DtsIncludes includes;
  private final DtsBudget budget;
  private final DtsConditions conditions;
  private final DtsMacros macros;
  private final Deque<Open> open = new ArrayDeque<>();
  private final Deque<DtsToken> raw = new ArrayDeque<>();
  private final Deque<DtsToken> pending = new ArrayDeque<>();
  private final Set<DtsSource> once = new HashSet<>();
  private final List<MissingInclude> missing = new ArrayList<>();
  private int included;
  private DtsPlace place = new DtsPlace("", 1, false);

  DtsPreprocessor(
      List<DtsSource> sources, DtsIncludes includes, DtsConditions conditions, DtsBudget budget)
      throws FlashImageException {
    this.sources = sources.iterator();
    this.includes = includes;
    this.budget = budget;
    this.conditions = conditions;
    this.macros = new DtsMacros(budget);
    for (var definition : conditions.defined().entrySet()) {
      String text = definition.getKey() + " " + definition.getValue();
      macros.define(DtsLexer.tokens(text, place), place);
    }
  }

  /** Returns the next token; null after the last one. */
  DtsToken next() throws FlashImageException {
    while (true) {
      DtsToken token = pending.isEmpty() ? nextRaw() : pending.poll();
      if (token == null || !macros.expand(token, pending, this::nextRaw)) {
        return token;
      }
    }
  }

  /** Returns the next token without looking whether it is a macro. */
  private DtsToken nextRaw() throws FlashImageException {
    while (raw.isEmpty()) {
      if (open.isEmpty() && !sources.hasNext()) {
        return null;
      }
      if (open.isEmpty()) {
        open(sources.next());
      }
      readLine();
    }
    return raw.poll();
  }

  private void readLine() throws FlashImageException {
    Open file = open.element();
    String line = file.lines.next();
    if (line == null) {
      file.branches.requireClosed();
      open.remove();
      return;
    }
    budget.spend(line.length() + 1L);
    String name = file.lines.source().name();
    place = new DtsPlace(name, file.lines.number(), file.branches.areAffirmed());
    String directive = directive(line);
    if (directive != null) {
      String rest = line.substring(line.indexOf('#') + 1).strip().substring(directive.length());
      obey(directive, rest, file);
    } else if (file.branches.areActive()) {
      raw.addAll(DtsLexer.tokens(line, place));
    }
  }

  /** Returns the name of the directive in a line; null if there is none. */
  private static String directive(String line) {
    Matcher directive = DIRECTIVE.matcher(line);
    return directive.lookingAt() ? directive.group(1) : null;
  }

  private void obey(String directive, String rest, Open file) throws FlashImageException {
    DtsBranches branches = file.branches;
    switch (directive) {
      case "if", "ifdef", "ifndef" ->
          branches.begin(branches.areActive() ? verdict(directive, rest, file) : null, place);
      case "elif" ->
          branches.otherwiseIf(branches.needCondition() ? verdict("if", rest, file) : null, place);
      case "else" -> branches.otherwise(place);
      case "endif" -> branches.end(place);
      default -> {
        if (branches.areActive()) {
          obeyActive(directive, rest, file);
        }
      }
    }
  }

  private DtsCondition.Verdict verdict(String directive, String rest, Open file)
      throws FlashImageException {
    Matcher guard = DEFINITION.matcher(file.lines.lookAhead());
    String guardName = guard.lookingAt() ? guard.group(1) : "";
    DtsCondition condition = new DtsCondition(macros, conditions, guardName, place);
    List<DtsToken> line = DtsLexer.tokens(rest, place);
    return directive.equals("if")
        ? condition.holds(line)
        : condition.isDefined(line, directive.equals("ifdef"));
  }

  private void obeyActive(String directive, String rest, Open file) throws FlashImageException {
    switch (directive) {
      case "define" -> macros.define(DtsLexer.tokens(rest, place), place);
      case "undef" -> macros.undefine(rest.strip());
      case "include" -> include(rest, file);
      case "error" -> throw place.refusal(Reason.BAD_DEVICETREE, "the build stops at an #error");
      default -> {
        if (directive.equals("pragma") && rest.strip().equals("once")) {
          once.add(file.lines.source());
        }
      }
    }
  }

  private void include(String rest, Open file) throws FlashImageException {
    Matcher angled = ANGLED.matcher(rest);
    if (angled.matches()) {
      include(angled.group(1), false, file);
      return;
    }
    List<DtsToken> name = macros.expand(DtsLexer.tokens(rest, place));
    if (name.size() != 1 || name.get(0).kind() != DtsToken.Kind.STRING) {
      throw place.malformed("#include needs the name of a file");
    }
    include(name.get(0).text(), true, file);
  }

  /** Reads a file next, as the {@code /include/} of devicetree does. */
  void include(String name) throws FlashImageException {
    if (!open.isEmpty()) {
      include(name, true, open.element());
    }
  }

  private void include(String name, boolean quoted, Open file) throws FlashImageException {
    Optional<DtsSource> source = includes.find(name, quoted, file.lines.source(), place);
    if (source.isEmpty() && quoted) {
      throw place.refusal(
          Reason.MISSING_INCLUDE, "there is no file " + Printable.escape(name) + " to include");
    }
    if (source.isEmpty()) {
      missing.add(new MissingInclude(name, place));
    } else if (!once.contains(source.get())) {
      if (open.size() > MAX_INCLUDE_DEPTH || ++included > MAX_INCLUDES) {
        boolean again = open.stream().anyMatch(o -> o.lines.source() == source.get());
        String why = again ? " includes itself" : " is one include too many";
        throw place.malformed(Printable.escape(name) + why);
      }
      open(source.get());
    }
  }

  private void open(DtsSource source) {
    DtsBranches including = open.isEmpty() ? null : open.element().branches;
    open.push(new Open(new DtsLines(source), new DtsBranches(including)));
  }

  /** Returns the includes in angle brackets that were not found so far. */
  List<MissingInclude> missing() {
    return missing;
  }
}
