// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Decides which pre-shared keys are strong enough to use. Every {@code CredentialStore} applies one
 * to the credentials it is given.
 */
public final class KeyPolicy {
  /** The minimum length of a key that is not {@linkplain KeyWeakness#TOO_SHORT too short}: 16. */
  public static final int MIN_STRONG_LENGTH = 16;

  private static final int MIN_PATTERN_LENGTH = 8;

  private static final byte[] BUILT_IN_KEY =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final KeyPolicy STRICT = new KeyPolicy(EnumSet.noneOf(KeyWeakness.class));

  private final Set<KeyWeakness> allowed;

  private KeyPolicy(Set<KeyWeakness> allowed) {
    this.allowed = Collections.unmodifiableSet(allowed);
  }

  /**
   * Returns the policy that refuses every {@link KeyWeakness}, the default everywhere.
   *
   * @return the strict policy
   */
  public static KeyPolicy strict() {
    return STRICT;
  }

  /**
   * Returns a policy that accepts any key. It is unsafe; use it only to migrate fleets whose keys
   * cannot be changed first.
   *
   * @return the policy that refuses nothing
   */
  public static KeyPolicy allowingAnyKey() {
    return new KeyPolicy(EnumSet.allOf(KeyWeakness.class));
  }

  /**
   * Returns a policy that also accepts keys with certain weaknesses.
   *
   * @param weaknesses what to accept in addition
   * @return a new policy; this one does not change
   */
  public KeyPolicy allowing(KeyWeakness... weaknesses) {
    EnumSet<KeyWeakness> all = EnumSet.noneOf(KeyWeakness.class);
    all.addAll(allowed);
    all.addAll(Arrays.asList(weaknesses));
    return new KeyPolicy(all);
  }

  /**
   * Checks that this policy accepts a credential's key.
   *
   * @param credential the credential to check
   * @throws WeakKeyException if its key has a weakness that this policy does not allow
   */
  public void check(DeviceCredential credential) {
    Set<KeyWeakness> found = weaknesses(credential.psk());
    if (!allowed.containsAll(found)) {
      Set<KeyWeakness> refused = EnumSet.copyOf(found);
      refused.removeAll(allowed);
      throw new WeakKeyException(credential.endpoint(), refused);
    }
  }

  /**
   * Returns every weakness of a key, whatever a policy allows.
   *
   * @param psk the key
   * @return its weaknesses; empty for a strong key; unmodifiable
   */
  public static Set<KeyWeakness> weaknesses(PreSharedKey psk) {
    return SecretBytes.useAndWipe(psk.exposeBytes(), KeyPolicy::weaknessesOf);
  }

  static Set<KeyWeakness> weaknessesOf(byte[] key) {
    Set<KeyWeakness> found = EnumSet.noneOf(KeyWeakness.class);
    if (key.length < MIN_STRONG_LENGTH) {
      found.add(KeyWeakness.TOO_SHORT);
    }
    if (Arrays.equals(key, BUILT_IN_KEY)) {
      found.add(KeyWeakness.BUILT_IN_KEY);
    } else if (stepsBy(key, 0)) {
      found.add(KeyWeakness.ALL_BYTES_EQUAL);
    } else if (counts(key)) {
      found.add(KeyWeakness.COUNTING_SEQUENCE);
    } else if (repeats(key)) {
      found.add(KeyWeakness.REPEATING_PATTERN);
    }
    KeyText.recognise(key).ifPresent(found::add);
    return Collections.unmodifiableSet(found);
  }

  /**
   * Returns the key that dm-lwm2m firmware uses if its partition has none, for comparison; see
   * {@link KeyWeakness#BUILT_IN_KEY}.
   *
   * @return a new copy
   */
  public static PreSharedKey builtInKey() {
    return PreSharedKey.copyOf(BUILT_IN_KEY);
  }

  private static boolean counts(byte[] key) {
    return stepsBy(key, 1)
        || stepsBy(key, -1)
        || key.length >= MIN_PATTERN_LENGTH && stepsBy(key, key[1] - key[0]);
  }

  /** Whether fewer bytes than a strong key has come again, at least once as a whole. */
  private static boolean repeats(byte[] key) {
    int longest = Math.min(key.length / 2, MIN_STRONG_LENGTH - 1);
    for (int period = 2; period <= longest && key.length >= MIN_PATTERN_LENGTH; period++) {
      if (Arrays.equals(key, period, key.length, key, 0, key.length - period)) {
        return true;
      }
    }
    return false;
  }

  private static boolean stepsBy(byte[] key, int step) {
    for (int i = 1; i < key.length; i++) {
      if ((byte) (key[i - 1] + step) != key[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return allowed.isEmpty() ? "KeyPolicy[strict]" : "KeyPolicy[allowing " + allowed + "]";
  }
}
