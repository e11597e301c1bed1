// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro.
 *
 * @param parameters null if it takes none and no parentheses
 * @param variadic whether the last parameter takes all arguments that are left, with their commas
 */
record DtsMacro(List<String> parameters, boolean variadic, List<DtsToken> body) {
  private static final String VARIADIC = "__VA_ARGS__";

  /** Reads what follows {@code #define}. */
  static DtsMacro of(List<DtsToken> definition, DtsPlace place) throws FlashImageException {
    if (definition.isEmpty() || !definition.get(0).isIdentifier()) {
      throw place.malformed("#define needs a name");
    }
    if (definition.size() < 2 || !definition.get(1).is('(') || definition.get(1).spaced()) {
      return new DtsMacro(null, false, List.copyOf(definition.subList(1, definition.size())));
    }
    List<String> parameters = new ArrayList<>();
    boolean variadic = false;
    int at = 2;
    for (; at < definition.size() && !definition.get(at).is(')'); at++) {
      DtsToken token = definition.get(at);
      if (token.is('.') && !variadic) {
        variadic = true;
        if (!definition.get(at - 1).isIdentifier()) {
          parameters.add(VARIADIC);
        }
      } else if (!token.is(',') && !token.is('.')) {
        parameters.add(token.text());
      }
    }
    int body = Math.min(at + 1, definition.size());
    return new DtsMacro(
        parameters, variadic, List.copyOf(definition.subList(body, definition.size())));
  }

  /** Whether a comma after a number of arguments is a part of the last one. */
  boolean takesComma(int arguments) {
    return variadic && arguments == parameters.size();
  }

  /** Returns the arguments of a use by the names of their parameters. */
  Map<String, List<DtsToken>> byName(List<List<DtsToken>> arguments, DtsPlace place)
      throws FlashImageException {
    if (variadic && arguments.size() == parameters.size() - 1) {
      arguments.add(List.of());
    }
    if (arguments.size() != Math.max(parameters.size(), 1)) {
      throw place.malformed("a macro has the wrong number of arguments");
    }
    Map<String, List<DtsToken>> byName = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      byName.put(parameters.get(i), arguments.get(i));
    }
    return byName;
  }

  /** Whether a token stands for the arguments that are left. */
  boolean isVariadic(DtsToken token) {
    return variadic && token.text().equals(parameters.get(parameters.size() - 1));
  }

  /** Whether {@code ##} begins at an index of the body. */
  boolean isPaste(int i) {
    return i + 1 < body.size()
        && body.get(i).is('#')
        && body.get(i + 1).is('#')
        && !body.get(i + 1).spaced();
  }
}
