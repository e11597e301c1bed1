// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.eclipse.leshan.core.oscore.AeadAlgorithm;
import org.eclipse.leshan.core.oscore.HkdfAlgorithm;
import org.eclipse.leshan.core.oscore.OscoreSetting;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** Leshan's infos of every mode. */
final class TestInfos {
  private TestInfos() {}

  /** Makes an info with a strong key, which depends on a seed. */
  static SecurityInfo psk(String endpoint, String identity, int seed) {
    byte[] key = new byte[16];
    new Random(seed).nextBytes(key);
    return SecurityInfo.newPreSharedKeyInfo(endpoint, identity, key);
  }

  /** The peer of a session with a PSK identity. */
  static LwM2mIdentity peer(String pskIdentity) {
    return new PskIdentity(pskIdentity);
  }

  static SecurityInfo rawPublicKey(String endpoint) {
    try {
      return SecurityInfo.newRawPublicKeyInfo(
          endpoint, KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes an info whose recipient id is 1. */
  static SecurityInfo oscore(String endpoint) {
    return SecurityInfo.newOscoreInfo(endpoint, oscore((byte) 1));
  }

  static OscoreSetting oscore(byte recipientId) {
    return new OscoreSetting(
        new byte[] {9},
        new byte[] {recipientId},
        new byte[16],
        AeadAlgorithm.AES_CCM_16_64_128,
        HkdfAlgorithm.HKDF_HMAC_SHA_256,
        new byte[8]);
  }
}
