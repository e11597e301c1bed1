// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.lang.reflect.Field;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.ThreadLocalCrypto;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;

/**
 * Makes the keys of Scandium's ECDHE handshakes by {@link EphemeralCurve}, on the threads of a
 * connector only.
 *
 * <p>Scandium takes its cryptography from the JVM's security providers, and keeps an object of each
 * kind for each thread. On a thread of ours, these are replaced; no provider is added to the JVM,
 * and other threads keep theirs. They lie in private fields, as Scandium has no setting for them:
 * where it does not have all of these fields, or there is no Bouncy Castle that works, its own
 * objects are used.
 */
final class EphemeralKeys {
  private static final String EC_KEYS = "EC_KEYPAIR_GENERATOR";
  private static final String XDH_KEYS = "XDH_KEYPAIR_GENERATOR";
  private static final String EC_AGREEMENT = "ECDH_KEY_AGREEMENT";
  private static final String XDH_AGREEMENT = "XDH_KEY_AGREEMENT";
  private static final List<String> SLOTS = List.of(EC_KEYS, XDH_KEYS, EC_AGREEMENT, XDH_AGREEMENT);

  private EphemeralKeys() {}

  /** Whether a connector's threads are to use these keys: it has cipher suites that need them. */
  static boolean areFor(List<CipherSuite> suites) {
    return CipherSuite.containsEccBasedCipherSuite(suites) && isSupported();
  }

  /** Whether all of them are there and work; else Scandium's own stay everywhere. */
  private static boolean isSupported() {
    try {
      for (String field : SLOTS) {
        slot(field);
      }
      SecureRandom random = new SecureRandom();
      for (EphemeralCurve curve : EphemeralCurve.values()) {
        PublicKey peer = new EphemeralKey(curve, random).publicKey();
        Arrays.fill(new EphemeralKey(curve, random).agree(peer), (byte) 0);
      }
      return true;
    } catch (GeneralSecurityException
        | ReflectiveOperationException
        | LinkageError
        | RuntimeException e) {
      return false;
    }
  }

  /** Makes the calling thread's handshakes use these keys from now on. */
  static void useOnThisThread() {
    try {
      set(EC_KEYS, new EphemeralKeyPairs("EC"));
      set(XDH_KEYS, new EphemeralKeyPairs("XDH"));
      set(EC_AGREEMENT, EphemeralAgreement.of("ECDH"));
      set(XDH_AGREEMENT, EphemeralAgreement.of("XDH"));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // they were all there before
    }
  }

  private static void set(String field, Object function) throws ReflectiveOperationException {
    ThreadLocal<Object> slot = slot(field);
    if (slot != null) { // else the JVM lacks the algorithm, and Scandium does not offer it
      slot.set(function);
    }
  }

  @SuppressWarnings("unchecked")
  private static ThreadLocal<Object> slot(String field) throws ReflectiveOperationException {
    SupportedGroup.getUsableGroups(); // finds out which there are by the keys of a provider
    Field crypto = XECDHECryptography.class.getDeclaredField(field);
    crypto.setAccessible(true);
    Field slot = ThreadLocalCrypto.class.getDeclaredField("threadLocalFunction");
    slot.setAccessible(true);
    return (ThreadLocal<Object>) slot.get(crypto.get(null));
  }
}
