// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;

/** The private key of one handshake. It takes part in one agreement, which wipes it. */
final class EphemeralKey implements PrivateKey {
  private static final long serialVersionUID = 1;

  private final transient EphemeralCurve curve;
  private final transient byte[] secret;
  private boolean used;

  EphemeralKey(EphemeralCurve curve, SecureRandom random) {
    this.curve = curve;
    this.secret = curve.newSecret(random);
  }

  PublicKey publicKey() {
    return new Public(curve.encoded(curve.publicPoint(secret)));
  }

  /**
   * Returns what this key and a peer's agree on, and wipes this key.
   *
   * @throws InvalidKeyException if the peer's key is invalid, or this one has been used
   */
  byte[] agree(Key peer) throws InvalidKeyException {
    if (used) {
      throw new InvalidKeyException("the ephemeral key has been used");
    }
    used = true;
    try {
      return curve.agree(secret, curve.point(peer.getEncoded()));
    } finally {
      destroy();
    }
  }

  @Override
  public void destroy() {
    used = true;
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return used;
  }

  @Override
  public String getAlgorithm() {
    return curve.name();
  }

  /** It has no encoding: it does not leave this process. */
  @Override
  public String getFormat() {
    return null;
  }

  @Override
  public byte[] getEncoded() {
    return null;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("an ephemeral key");
  }

  @Override
  public String toString() {
    return curve + " <redacted>";
  }

  /**
   * Its public key.
   *
   * @param encoded as X.509 has it, which is all that Scandium reads
   */
  private record Public(byte[] encoded) implements PublicKey {
    @Override
    public String getAlgorithm() {
      return "XDH";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return encoded.clone();
    }
  }
}
