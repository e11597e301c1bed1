// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;

/** Agrees on a secret by an {@link EphemeralKey}; by other keys as a security provider does. */
final class EphemeralAgreement extends KeyAgreementSpi {
  private final String algorithm;
  private KeyAgreement others;
  private EphemeralKey own;
  private byte[] agreed;

  private EphemeralAgreement(String algorithm) {
    this.algorithm = algorithm;
  }

  static KeyAgreement of(String algorithm) {
    return new Agreement(new EphemeralAgreement(algorithm), algorithm);
  }

  @Override
  protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
    agreed = null;
    own = key instanceof EphemeralKey ephemeral ? ephemeral : null;
    if (own == null) {
      others().init(key, random);
    }
  }

  @Override
  protected void engineInit(Key key, AlgorithmParameterSpec parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    agreed = null;
    own = null;
    others().init(key, parameters, random);
  }

  private KeyAgreement others() throws InvalidKeyException {
    try {
      if (others == null) {
        others = KeyAgreement.getInstance(algorithm);
      }
      return others;
    } catch (NoSuchAlgorithmException e) {
      throw new InvalidKeyException(e);
    }
  }

  @Override
  protected Key engineDoPhase(Key peer, boolean isLast) throws InvalidKeyException {
    if (own == null) {
      return others.doPhase(peer, isLast);
    }
    agreed = own.agree(peer);
    own = null;
    return null;
  }

  @Override
  protected byte[] engineGenerateSecret() {
    byte[] secret = agreed == null ? others.generateSecret() : agreed;
    agreed = null;
    return secret;
  }

  @Override
  protected int engineGenerateSecret(byte[] to, int offset) {
    throw new UnsupportedOperationException(); // Scandium takes the bytes
  }

  @Override
  protected SecretKey engineGenerateSecret(String name) {
    throw new UnsupportedOperationException(); // as above
  }

  /** What Scandium has one of; no provider made it. */
  private static final class Agreement extends KeyAgreement {
    Agreement(KeyAgreementSpi spi, String algorithm) {
      super(spi, null, algorithm);
    }
  }
}
