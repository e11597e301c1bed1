// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The source that seeds generators, read as directly as the platform allows.
 *
 * @param name of the source, for people
 * @param reader reads it
 */
record SeedSource(String name, Reader reader) {
  /** Reads a number of bytes. */
  interface Reader {
    byte[] read(int length);
  }

  /** SP 800-90B §4.3 demands at least 1024 samples at start. Two requests, to find a replay. */
  private static final int REQUEST = 1024;

  private static final int REQUESTS = 2;
  private static final String DEVICE = "file:/dev/random";
  private static final Pattern KERNEL = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Returns the source that seeds the Java runtime's generators, or else the generator's own. */
  static SeedSource ofPlatform(SecureRandom generator) {
    String configured = configured();
    boolean mayBlock = configured.equals(DEVICE) && isOldKernel(System.getProperty("os.version"));
    return named(mayBlock ? "NativePRNGNonBlocking" : "NativePRNG")
        .map(random -> of(random, mayBlock ? "file:/dev/urandom" : configured))
        .or(() -> named("Windows-PRNG").map(random -> of(random, "the operating system")))
        .orElseGet(() -> of(generator, "its own seeds"));
  }

  /** What the Java runtime seeds from: a property, or else the security property. */
  private static String configured() {
    String property = System.getProperty("java.security.egd", "");
    String source = property.isEmpty() ? Security.getProperty("securerandom.source") : property;
    return source == null || source.isEmpty() ? DEVICE : source;
  }

  /** Before Linux 5.6, /dev/random may take minutes for what is read here. */
  static boolean isOldKernel(String version) {
    Matcher numbers = KERNEL.matcher(String.valueOf(version));
    boolean isLinux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    return isLinux
        && numbers.matches()
        && 1000 * Long.parseLong(numbers.group(1)) + Long.parseLong(numbers.group(2)) < 5006;
  }

  private static Optional<SecureRandom> named(String algorithm) {
    try {
      return Optional.of(SecureRandom.getInstance(algorithm));
    } catch (NoSuchAlgorithmException e) {
      return Optional.empty();
    }
  }

  private static SeedSource of(SecureRandom random, String place) {
    return new SeedSource(
        random.getAlgorithm() + " (" + random.getProvider().getName() + "), " + place,
        random::generateSeed);
  }

  /** Returns the name of the provider that new generators come from. */
  static String firstProvider() {
    for (Provider provider : Security.getProviders()) {
      if (provider.getServices().stream().anyMatch(s -> s.getType().equals("SecureRandom"))) {
        return provider.getName();
      }
    }
    return "";
  }

  /** Reads samples and tests them. */
  RandomHealth test(SecureRandom generator) {
    byte[] samples = new byte[REQUEST * REQUESTS];
    Optional<String> failure = Optional.empty();
    try {
      for (int i = 0; i < REQUESTS; i++) {
        System.arraycopy(reader.read(REQUEST), 0, samples, i * REQUEST, REQUEST);
      }
    } catch (RuntimeException | InternalError e) { // the JDK's way to say that a device is gone
      failure = Optional.of("it cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    try {
      return health(samples, failure.or(() -> SourceTests.failure(samples)), generator);
    } finally {
      Arrays.fill(samples, (byte) 0);
    }
  }

  private RandomHealth health(byte[] samples, Optional<String> failure, SecureRandom generator) {
    return new RandomHealth(
        name,
        generator + " (" + generator.getProvider().getName() + ")",
        samples.length,
        SourceTests.longestRun(samples),
        SourceTests.REPETITION_CUTOFF,
        SourceTests.mostInWindow(samples),
        SourceTests.PROPORTION_CUTOFF,
        failure);
  }
}
