// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The identities that may have been meant by one that nobody has. */
final class IdentityCandidates {
  private static final List<String> ENDINGS = List.of("\n", "\r\n", "\0", " ");

  private final String sent;
  private final Map<PskIdentity, Mistake> candidates = new LinkedHashMap<>();

  private IdentityCandidates(PskIdentity identity) {
    this.sent = identity.asString();
    String bare = bare(sent);
    int nul = sent.indexOf('\0');
    add(bare, Mistake.IDENTITY_WITH_MORE);
    add(nul < 0 ? sent : bare(sent.substring(0, nul)), Mistake.IDENTITY_WITH_MORE);
    ENDINGS.forEach(ending -> add(sent + ending, Mistake.IDENTITY_WITH_MORE));
    add('"' + sent + '"', Mistake.IDENTITY_WITH_MORE);
    for (String text : List.of(sent, bare)) {
      add(text.toLowerCase(Locale.ROOT), Mistake.IDENTITY_IN_OTHER_CASE);
      add(text.toUpperCase(Locale.ROOT), Mistake.IDENTITY_IN_OTHER_CASE);
      for (Form form : Form.values()) {
        add(Normalizer.normalize(text, form), Mistake.IDENTITY_IN_OTHER_FORM);
      }
    }
  }

  /** Returns about a dozen, the likeliest first, with what would be wrong with the one sent. */
  static Map<PskIdentity, Mistake> of(PskIdentity sent) {
    return new IdentityCandidates(sent).candidates;
  }

  private void add(String text, Mistake mistake) {
    if (text.isEmpty() || text.equals(sent)) {
      return;
    }
    try {
      candidates.putIfAbsent(PskIdentity.of(text), mistake);
    } catch (InvalidCredentialException e) {
      // too long to be one
    }
  }

  private static String bare(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isExtra(text.charAt(from))) {
      from++;
    }
    while (from < to && isExtra(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isExtra(char c) {
    return c <= ' ' || c == '"' || c == '\'' || c == '\u00a0' || c == '\ufeff';
  }
}
