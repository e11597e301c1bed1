// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * Key exchanges on elliptic curves as TLS has them (RFC 8422), by Bouncy Castle's own classes,
 * which need no security provider.
 *
 * <p>X25519 takes the same time whatever the secret, and so does the making of a key pair on P-256.
 * An agreement on P-256 does not quite, as in Bouncy Castle's TLS. Each secret takes part in one
 * agreement, so its times cannot be collected.
 */
enum EphemeralCurve {
  X25519("X25519", "302a300506032b656e032100", 32),
  P256("secp256r1", "3059301306072a8648ce3d020106082a8648ce3d030107034200", 65);

  /** Bytes of a secret on either curve, and of what two peers agree on. */
  static final int SCALAR = 32;

  private static final int UNCOMPRESSED = 4;
  private static final X9ECParameters SECP256R1 = CustomNamedCurves.getByName("secp256r1");

  private final String name;
  private final byte[] header;
  private final int pointLength;

  /**
   * @param name as Scandium asks for it
   * @param header what precedes the point in an X.509 SubjectPublicKeyInfo (RFC 5480, RFC 8410)
   */
  EphemeralCurve(String name, String header, int pointLength) {
    this.name = name;
    this.header = HexFormat.of().parseHex(header);
    this.pointLength = pointLength;
  }

  static Optional<EphemeralCurve> of(String name) {
    return Arrays.stream(values()).filter(curve -> curve.name.equals(name)).findFirst();
  }

  /** Returns a point as an encoded public key. */
  byte[] encoded(byte[] point) {
    byte[] key = Arrays.copyOf(header, header.length + pointLength);
    System.arraycopy(point, 0, key, header.length, pointLength);
    return key;
  }

  /** Returns the point of an encoded public key. */
  byte[] point(byte[] key) throws InvalidKeyException {
    if (key == null
        || key.length != header.length + pointLength
        || !Arrays.equals(key, 0, header.length, header, 0, header.length)) {
      throw new InvalidKeyException("the peer's key is not on " + name);
    }
    return Arrays.copyOfRange(key, header.length, key.length);
  }

  byte[] newSecret(SecureRandom random) {
    byte[] secret = new byte[SCALAR];
    do {
      random.nextBytes(secret);
    } while (this == P256 && !isScalar(new BigInteger(1, secret))); // one in four thousand million
    return secret;
  }

  private static boolean isScalar(BigInteger number) {
    return number.signum() > 0 && number.compareTo(SECP256R1.getN()) < 0;
  }

  /** Returns the public point of a secret. */
  byte[] publicPoint(byte[] secret) {
    if (this == X25519) {
      byte[] point = new byte[pointLength];
      org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(secret, 0, point, 0);
      return point;
    }
    return new FixedPointCombMultiplier()
        .multiply(SECP256R1.getG(), new BigInteger(1, secret))
        .getEncoded(false);
  }

  /**
   * Returns what a secret and a peer's point agree on.
   *
   * @throws InvalidKeyException if the point is not on the curve, or of an order so small that it
   *     decides the result (RFC 8422 §5.11, RFC 7748 §6.1)
   */
  byte[] agree(byte[] secret, byte[] point) throws InvalidKeyException {
    byte[] agreed = new byte[SCALAR];
    boolean isGood =
        this == X25519
            ? org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
                secret, 0, point, 0, agreed, 0)
            : agreeOnP256(secret, point, agreed);
    if (!isGood) {
      throw new InvalidKeyException("the peer's point on " + name + " is invalid");
    }
    return agreed;
  }

  private static boolean agreeOnP256(byte[] secret, byte[] point, byte[] agreed) {
    if (point[0] != UNCOMPRESSED) {
      return false; // TLS has no other format
    }
    ECPoint shared;
    try {
      shared =
          SECP256R1
              .getCurve()
              .decodePoint(point) // checks that it is on the curve
              .multiply(new BigInteger(1, secret))
              .normalize();
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (shared.isInfinity()) {
      return false;
    }
    byte[] x = shared.getAffineXCoord().getEncoded();
    System.arraycopy(x, 0, agreed, 0, SCALAR);
    Arrays.fill(x, (byte) 0);
    return true;
  }
}
