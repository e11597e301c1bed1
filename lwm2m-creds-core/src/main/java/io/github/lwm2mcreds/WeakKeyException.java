package io.github.lwm2mcreds;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A key policy refused a pre-shared key. */
public final class WeakKeyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What is weak about the key. */
  private final EnumSet<KeyWeakness> weaknesses;

  WeakKeyException(String endpoint, Set<KeyWeakness> weaknesses) {
    super(
        "the key of '"
            + Printable.escape(endpoint)
            + "' "
            + weaknesses.stream().map(KeyWeakness::description).collect(Collectors.joining(" and "))
            + "; use a random key, or a key policy that allows this");
    this.weaknesses = EnumSet.copyOf(weaknesses);
  }

  /**
   * Says what is weak about the key.
   *
   * @return at least one weakness; not modifiable
   */
  public Set<KeyWeakness> weaknesses() {
    return Collections.unmodifiableSet(weaknesses);
  }
}
