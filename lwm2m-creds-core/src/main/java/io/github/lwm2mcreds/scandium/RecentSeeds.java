// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.ServerNames;

/**
 * A PSK store in front of another, which remembers the session hashes of the last handshakes that
 * asked it for a key: Scandium tells them to nobody else. A client's Finished message follows the
 * question at once, so a bounded number does. A session hash is no secret.
 */
final class RecentSeeds implements PskStore {
  private static final int SIZE = 1024; // a power of two

  /** A handshake is known by its object for the identity, which it keeps. */
  private record Seed(PskPublicInformation handshake, byte[] bytes) {}

  private final PskStore store;
  private final AtomicReferenceArray<Seed> ring = new AtomicReferenceArray<>(SIZE);
  private final AtomicInteger next = new AtomicInteger();

  RecentSeeds(PskStore store) {
    this.store = store;
  }

  /** Finds the session hash of a handshake with extended master secret. */
  Optional<byte[]> find(PskPublicInformation handshake) {
    for (int i = 0; i < SIZE; i++) {
      Seed seed = ring.get(i);
      if (seed != null && seed.handshake == handshake) {
        return Optional.of(seed.bytes);
      }
    }
    return Optional.empty();
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
    if (useExtendedMasterSecret && identity.getBytes().length <= PskIdentity.MAX_LENGTH) {
      ring.setRelease(next.getAndIncrement() & SIZE - 1, new Seed(identity, seed));
    }
    return store.requestPskSecretResult(
        cid, serverName, identity, hmacAlgorithm, otherSecret, seed, useExtendedMasterSecret);
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return store.hasEcdhePskSupported();
  }

  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
    return store.getIdentity(peerAddress, virtualHost);
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    store.setResultHandler(resultHandler);
  }
}
