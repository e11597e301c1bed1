// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;

/**
 * Makes key pairs of {@link EphemeralCurve}s; those of other curves come from a security provider.
 */
final class EphemeralKeyPairs extends KeyPairGenerator {
  private KeyPairGenerator others;
  private EphemeralCurve curve;
  private SecureRandom random;

  EphemeralKeyPairs(String algorithm) {
    super(algorithm);
  }

  @Override
  public void initialize(AlgorithmParameterSpec curveName, SecureRandom source)
      throws InvalidAlgorithmParameterException {
    curve =
        curveName instanceof ECGenParameterSpec named
            ? EphemeralCurve.of(named.getName()).orElse(null)
            : null;
    random = source;
    if (curve == null) {
      initializeOthers(curveName, source);
    }
  }

  private void initializeOthers(AlgorithmParameterSpec curveName, SecureRandom source)
      throws InvalidAlgorithmParameterException {
    try {
      if (others == null) {
        others = KeyPairGenerator.getInstance(getAlgorithm());
      }
    } catch (NoSuchAlgorithmException e) {
      throw new InvalidAlgorithmParameterException(e);
    }
    others.initialize(curveName, source);
  }

  @Override
  public KeyPair generateKeyPair() {
    if (curve == null) {
      return others.generateKeyPair();
    }
    EphemeralKey key = new EphemeralKey(curve, random);
    return new KeyPair(key.publicKey(), key);
  }
}
