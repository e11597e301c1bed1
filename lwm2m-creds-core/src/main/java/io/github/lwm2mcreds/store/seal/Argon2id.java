// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What Argon2id (RFC 9106) costs. Bouncy Castle, which computes it, is an optional dependency.
 *
 * @param passes 1 to 10
 * @param memoryKib at least 8 a lane, at most 256 MiB, in KiB
 * @param lanes 1 to 16
 */
record Argon2id(int passes, int memoryKib, int lanes) {
  /** The second recommended option of RFC 9106 §4: 3 passes, 64 MiB, 4 lanes. */
  static final Argon2id RECOMMENDED = new Argon2id(3, 1 << 16, 4);

  private static final int MAX_PASSES = 10;
  private static final int MAX_MEMORY_KIB = 1 << 18;
  private static final int MAX_LANES = 16;

  /** Whether it is within the limits, which keep a forged wrapped key from costing hours. */
  boolean isBearable() {
    return passes >= 1
        && passes <= MAX_PASSES
        && lanes >= 1
        && lanes <= MAX_LANES
        && memoryKib >= 8 * lanes
        && memoryKib <= MAX_MEMORY_KIB;
  }

  /** Derives so many bytes, which the caller wipes, as it does the passphrase. */
  byte[] derive(byte[] passphrase, byte[] salt, int length) {
    try {
      return generate(parameters().withSalt(salt), passphrase, length);
    } catch (NoClassDefFoundError e) {
      throw new CredentialStoreException(
          Reason.LIBRARY_MISSING,
          "a passphrase needs Bouncy Castle: add org.bouncycastle:bcprov-jdk18on to the class path",
          e);
    }
  }

  Argon2Parameters.Builder parameters() {
    return new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withIterations(passes)
        .withMemoryAsKB(memoryKib)
        .withParallelism(lanes);
  }

  static byte[] generate(Argon2Parameters.Builder parameters, byte[] passphrase, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(parameters.build());
    byte[] derived = new byte[length];
    generator.generateBytes(passphrase, derived);
    return derived;
  }
}
