// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

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

  /** Others, whose own checks apply, where nothing was agreed on here. */
  private KeyAgreement asked() {
    if (others == null) {
      throw new IllegalStateException("no peer's key was given");
    }
    return others;
  }

  @Override
  protected byte[] engineGenerateSecret() {
    byte[] secret = agreed == null ? asked().generateSecret() : agreed;
    agreed = null;
    return secret;
  }

  @Override
  protected int engineGenerateSecret(byte[] to, int offset) throws ShortBufferException {
    if (agreed == null) {
      return asked().generateSecret(to, offset);
    }
    int length = agreed.length;
    if (to.length - offset < length) { // which leaves the secret, to be asked for again
      throw new ShortBufferException("a secret of " + length + " bytes needs as much room");
    }
    byte[] secret = engineGenerateSecret();
    System.arraycopy(secret, 0, to, offset, length);
    Arrays.fill(secret, (byte) 0);
    return length;
  }

  @Override
  protected SecretKey engineGenerateSecret(String name)
      throws NoSuchAlgorithmException, InvalidKeyException {
    if (agreed == null) {
      return asked().generateSecret(name);
    }
    byte[] secret = engineGenerateSecret();
    try {
      return new SecretKeySpec(secret, name);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** What Scandium has one of; no provider made it. */
  private static final class Agreement extends KeyAgreement {
    Agreement(KeyAgreementSpi spi, String algorithm) {
      super(spi, null, algorithm);
    }
  }
}
