package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;

/**
 * A {@link CredentialStore} as the PSK store of a DTLS server.
 *
 * <p>Identities are looked up by their bytes, so one that is not UTF-8 is never taken for another;
 * the session then carries it as {@link PskIdentity#asString()}. An unknown identity gets a key
 * that nobody knows, so the handshake goes on and fails exactly as it does with a wrong key (RFC
 * 4279 §2), and a peer cannot find out which identities exist. The copy of a key is destroyed once
 * Scandium has derived the master secret.
 */
public final class ScandiumPskStore implements PskStore {
  private static final String ALGORITHM = "PSK";

  private final CredentialStore store;
  private final Function<InetSocketAddress, Optional<PskIdentity>> identityOfPeer;
  private final byte[] keyOfNobody = new byte[KeyPolicy.MIN_STRONG_LENGTH];

  /**
   * Makes a PSK store.
   *
   * @param store asked at each handshake, on a DTLS thread: it must answer from memory
   */
  public ScandiumPskStore(CredentialStore store) {
    this(store, peer -> Optional.empty());
  }

  /**
   * Makes a PSK store of a server that begins handshakes itself, too, with devices it knows the
   * addresses of.
   *
   * @param store asked at each handshake, on a DTLS thread: it must answer from memory
   * @param identityOfPeer the PSK identity of the device at an address, or empty if there is none
   *     known there
   */
  public ScandiumPskStore(
      CredentialStore store, Function<InetSocketAddress, Optional<PskIdentity>> identityOfPeer) {
    this.store = Objects.requireNonNull(store, "store");
    this.identityOfPeer = Objects.requireNonNull(identityOfPeer, "identityOfPeer");
    new SecureRandom().nextBytes(keyOfNobody);
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    return new PskSecretResult(cid, identity, secret(identity), false, true);
  }

  private SecretKey secret(PskPublicInformation received) {
    byte[] bytes = received.getBytes();
    if (bytes.length == 0 || bytes.length > PskIdentity.MAX_LENGTH) {
      return SecretUtil.create(keyOfNobody, ALGORITHM);
    }
    PskIdentity identity = PskIdentity.ofBytes(bytes);
    if (!received.isCompliantEncoding()) {
      received.normalize(identity.asString());
    }
    Optional<PreSharedKey> psk = store.findPsk(identity);
    if (psk.isEmpty()) {
      return SecretUtil.create(keyOfNobody, ALGORITHM);
    }
    byte[] key = psk.get().exposeBytes();
    psk.get().destroy();
    try {
      return SecretUtil.create(key, ALGORITHM);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Says which identity to use as a DTLS client, which is the device's.
   *
   * @return null where no device is known at the address
   */
  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
    return identityOfPeer
        .apply(peerAddress)
        .map(identity -> new PskPublicInformation(identity.asString(), identity.toBytes()))
        .orElse(null);
  }

  /** Does nothing: results are never given later. */
  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // answers are given at once
  }
}
