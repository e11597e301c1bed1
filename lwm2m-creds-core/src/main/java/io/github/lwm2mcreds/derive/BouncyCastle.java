package io.github.lwm2mcreds.derive;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.generators.KDFCounterBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KDFCounterParameters;

/** All that needs Bouncy Castle, an optional library: no other class can fail to load without. */
final class BouncyCastle {
  private static final int COUNTER_BITS = 32;

  private BouncyCastle() {}

  /** Fills a key by HKDF-SHA256 (RFC 5869); the salt may be null. */
  static void hkdfSha256(byte[] secret, byte[] salt, byte[] info, byte[] key) {
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(secret, salt, info));
    hkdf.generateBytes(key, 0, key.length);
  }

  /** Fills a key by SP 800-108r1 §4.1 with HMAC-SHA256, the counter before the fixed input. */
  static void counterModeHmacSha256(byte[] secret, byte[] fixedInput, byte[] key) {
    KDFCounterBytesGenerator kdf = new KDFCounterBytesGenerator(new HMac(new SHA256Digest()));
    kdf.init(new KDFCounterParameters(secret, fixedInput, COUNTER_BITS));
    kdf.generateBytes(key, 0, key.length);
  }
}
