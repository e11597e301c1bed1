// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.util.Bytes;
import org.eclipse.californium.scandium.dtls.CompressionMethod;
import org.eclipse.californium.scandium.dtls.DTLSConnectionState;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.PseudoRandomFunction;
import org.eclipse.californium.scandium.dtls.cipher.PseudoRandomFunction.Label;
import org.eclipse.californium.scandium.util.SecretIvParameterSpec;
import org.eclipse.californium.scandium.util.SecretUtil;

/**
 * A client's record that the key of its handshake does not open, usually its Finished message, and
 * what else it takes to try another key on it (RFC 4279 §2, RFC 5246 §6.3, RFC 7627 §4). Nothing of
 * it is secret.
 */
final class FailedRecord implements Predicate<byte[]> {
  private final CipherSuite suite;
  private final byte[] masterSeed;
  private final boolean extended;
  private final byte[] expansionSeed;
  private final Record sent;

  /**
   * Makes one.
   *
   * @param masterSeed for the master secret: the session's hash, or the two randoms
   * @param extended whether the seed is the session's hash
   */
  FailedRecord(
      CipherSuite suite,
      byte[] masterSeed,
      boolean extended,
      Bytes clientRandom,
      Bytes serverRandom,
      Record sent) {
    this.suite = suite;
    this.masterSeed = masterSeed;
    this.extended = extended;
    this.expansionSeed = Bytes.concatenate(serverRandom, clientRandom);
    this.sent = sent;
  }

  /** Returns whether the client has this key. */
  @Override
  public boolean test(byte[] key) {
    Mac hmac = suite.getThreadLocalPseudoRandomFunctionMac();
    SecretKey psk = SecretUtil.create(key, "PSK");
    SecretKey master = PskSecretResult.generateMasterSecret(hmac, psk, null, masterSeed, extended);
    try {
      int length =
          2 * (suite.getMacKeyLength() + suite.getEncKeyLength() + suite.getFixedIvLength());
      return SecretBytes.useAndWipe(
          PseudoRandomFunction.doPRF(
              hmac, master, Label.KEY_EXPANSION_LABEL, expansionSeed, length),
          this::opens);
    } finally {
      SecretUtil.destroy(psk);
      SecretUtil.destroy(master);
    }
  }

  /** Takes the client's part of each pair of keys: the first. */
  private boolean opens(byte[] keyBlock) {
    int encKeyAt = 2 * suite.getMacKeyLength();
    int ivAt = encKeyAt + 2 * suite.getEncKeyLength();
    SecretKey macKey =
        suite.getMacKeyLength() == 0
            ? null
            : SecretUtil.create(keyBlock, 0, suite.getMacKeyLength(), "Mac");
    SecretKey encKey = SecretUtil.create(keyBlock, encKeyAt, suite.getEncKeyLength(), "AES");
    SecretIvParameterSpec iv = SecretUtil.createIv(keyBlock, ivAt, suite.getFixedIvLength());
    DTLSConnectionState state =
        DTLSConnectionState.create(suite, CompressionMethod.NULL, encKey, iv, macKey);
    try {
      Bytes.clear(state.decrypt(sent, sent.getFragmentBytes()));
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    } finally {
      SecretUtil.destroy(macKey);
      SecretUtil.destroy(encKey);
      SecretUtil.destroy(iv);
      SecretUtil.destroy(state);
    }
  }
}
