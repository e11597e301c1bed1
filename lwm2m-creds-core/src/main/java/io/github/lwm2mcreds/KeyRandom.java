// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.security.DrbgParameters;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * The one place that keys come from. Before the first one, once in a process, the source that seeds
 * the generator is tested; if it fails, no key is made.
 *
 * <p>The generator is the Java runtime's DRBG (NIST SP 800-90A, security strength 256): an approved
 * one, whose mechanism {@code securerandom.drbg.config} chooses (Hash_DRBG with SHA-256 by
 * default). Where the first provider of random numbers is a FIPS module, such as Bouncy Castle's,
 * it is that module's own. NativePRNG mixes the kernel's output with SHA1PRNG, which is not
 * approved; it is only read as the source.
 *
 * <p>What is tested is the source's output, 2048 bytes in two requests, and not the DRBG's, which
 * would look random even if the source was stuck: repetition count and adaptive proportion (NIST SP
 * 800-90B §4.4), and whether bytes come again. On Linux these are bytes of {@code /dev/random}. The
 * kernel has conditioned them, so that the tests find a source that is stuck, replaced by a file or
 * short in period. They do not find a kernel without entropy, or a virtual machine that was copied
 * with the state of its generator.
 */
public final class KeyRandom {
  private static final int SECURITY_STRENGTH = 256;

  /** Made, and the source tested, when it is needed first; a failure stays. */
  private static final class Holder {
    private static final SecureRandom SHARED = generator();
    private static final RandomHealth HEALTH = SeedSource.ofPlatform(SHARED).test(SHARED);
  }

  private KeyRandom() {}

  /**
   * Fills an array with the bytes of a new key.
   *
   * @param key filled; the caller's to wipe
   * @throws RandomSourceException if the source of randomness failed its tests
   */
  public static void fill(byte[] key) {
    requireHealthy();
    Holder.SHARED.nextBytes(key);
  }

  /**
   * Returns a new generator for one user who makes many keys.
   *
   * @return an approved generator of its own state
   * @throws RandomSourceException if the source of randomness failed its tests
   */
  public static SecureRandom newGenerator() {
    requireHealthy();
    return generator();
  }

  /**
   * Tests the source unless this process has done so, and requires that it passed. For what draws
   * randomness from elsewhere, such as a library.
   *
   * @throws RandomSourceException if it failed
   */
  public static void requireHealthy() {
    requireHealthy(health());
  }

  static void requireHealthy(RandomHealth health) {
    if (health.failure().isPresent()) {
      throw new RandomSourceException(
          "no key is made: the source of randomness, "
              + health.source()
              + ", failed its health test: "
              + health.failure().get()
              + "; repair the source (securerandom.source, the kernel's or the virtual machine's)"
              + " and start again");
    }
  }

  /**
   * Returns what the tests measured, whether they passed or not.
   *
   * @return the same for the whole life of the process
   */
  public static RandomHealth health() {
    return Holder.HEALTH;
  }

  private static SecureRandom generator() {
    if (SeedSource.firstProvider().contains("FIPS")) {
      return new SecureRandom();
    }
    try {
      return SecureRandom.getInstance(
          "DRBG",
          DrbgParameters.instantiation(
              SECURITY_STRENGTH, DrbgParameters.Capability.RESEED_ONLY, null));
    } catch (NoSuchAlgorithmException e) {
      throw new RandomSourceException(
          "this Java runtime has no DRBG of security strength "
              + SECURITY_STRENGTH
              + "; use one with the SUN provider, or put a FIPS provider first",
          e);
    }
  }
}
