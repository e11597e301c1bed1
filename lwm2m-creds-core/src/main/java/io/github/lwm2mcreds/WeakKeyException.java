// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A key policy refused a pre-shared key. */
public final class WeakKeyException extends RefusedCredentialException {
  private static final long serialVersionUID = 1L;

  /** What is weak about the key. */
  private final EnumSet<KeyWeakness> weaknesses;

  WeakKeyException(String endpoint, Set<KeyWeakness> weaknesses) {
    super(
        "the key of '"
            + Printable.escape(endpoint)
            + "' "
            + KeyWeakness.describe(weaknesses)
            + "; use a random key, or a key policy that allows this");
    this.weaknesses = EnumSet.copyOf(weaknesses);
  }

  /**
   * Returns what is weak about the key.
   *
   * @return at least one weakness; unmodifiable
   */
  public Set<KeyWeakness> weaknesses() {
    return Collections.unmodifiableSet(weaknesses);
  }
}
