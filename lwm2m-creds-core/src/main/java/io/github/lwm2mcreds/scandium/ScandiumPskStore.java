// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyRandom;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.ServerCounts.LookupSource;
import io.github.lwm2mcreds.store.PskLookup;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * A {@link PskLookup} as the PSK store of a DTLS server.
 *
 * <p>Identities are looked up by their bytes, so one that is not UTF-8 is never confused with
 * another; the session then carries it as {@link PskIdentity#asString()}. In a {@link
 * PskServerConnector}, it also carries the key's check value. An unknown identity gets a key that
 * nobody knows, so the handshake goes on and fails exactly as it does with a wrong key (RFC 4279
 * §2), and a peer cannot find out which identities exist. The copy of a key is destroyed once
 * Scandium has derived the master secret.
 *
 * <p>To the peer, a store that fails looks like one that does not know the identity; {@link
 * HandshakeRefusalListener} reports the difference.
 *
 * <p>If the store has to look further ({@link PskLookup#findPskLater}), the handshake waits, and no
 * thread does.
 */
public final class ScandiumPskStore implements PskStore {
  private static final String ALGORITHM = "PSK";

  private final PskLookup store;
  private final Function<InetSocketAddress, Optional<PskIdentity>> identityOfPeer;
  private final byte[] keyOfNobody = new byte[KeyPolicy.MIN_STRONG_LENGTH];
  private final Counts<LookupSource> lookups = new Counts<>(LookupSource.class);
  private volatile HandshakeResultHandler resultHandler;

  /**
   * Makes a PSK store.
   *
   * @param store asked at each handshake, on a DTLS thread, so it must answer from memory or look
   *     the key up later
   */
  public ScandiumPskStore(PskLookup store) {
    this(store, peer -> Optional.empty());
  }

  /**
   * Makes a PSK store for a server that also begins handshakes, with devices whose addresses it
   * knows.
   *
   * @param store asked at each handshake, on a DTLS thread, so it must answer from memory or look
   *     the key up later
   * @param identityOfPeer the PSK identity of the device at an address, or empty if none is known
   *     there
   */
  public ScandiumPskStore(
      PskLookup store, Function<InetSocketAddress, Optional<PskIdentity>> identityOfPeer) {
    this.store = Objects.requireNonNull(store, "store");
    this.identityOfPeer = Objects.requireNonNull(identityOfPeer, "identityOfPeer");
    KeyRandom.fill(keyOfNobody);
  }

  /** Returns the counts of a connector's store; those of none are never counted. */
  static Counts<LookupSource> lookups(PskStore store) {
    return store instanceof ScandiumPskStore ours ? ours.lookups : new Counts<>(LookupSource.class);
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  /**
   * Returns the key of an identity, or one that nobody knows.
   *
   * @return null if the store looks further; the connector then gets the result later
   */
  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    byte[] bytes = identity.getBytes();
    if (bytes.length == 0 || bytes.length > PskIdentity.MAX_LENGTH) {
      return resultWithoutKey(cid, identity, LookupSource.NONE);
    }
    PskIdentity pskIdentity = PskIdentity.ofBytes(bytes);
    if (!identity.isCompliantEncoding()) {
      identity.normalize(pskIdentity.asString());
    }
    Optional<PreSharedKey> psk;
    try {
      psk = store.findPsk(pskIdentity);
    } catch (RuntimeException e) {
      ScandiumEvents.lookupFailed(pskIdentity, e);
      // The peer must not see a difference.
      return resultWithoutKey(cid, identity, LookupSource.FAILED);
    }
    HandshakeResultHandler handler = resultHandler;
    if (psk.isPresent() || handler == null) {
      return result(cid, identity, psk, LookupSource.MEMORY);
    }
    CompletableFuture<Optional<PreSharedKey>> later =
        store
            .findPskLater(pskIdentity)
            .exceptionally(e -> none(pskIdentity, e))
            .toCompletableFuture();
    if (later.isDone()) {
      return result(cid, identity, later.join(), LookupSource.DATABASE);
    }
    later
        .thenApply(found -> result(cid, identity, found, LookupSource.DATABASE))
        .thenAccept(result -> handler.apply(wipedIfDropped(result)));
    return null;
  }

  private static Optional<PreSharedKey> none(PskIdentity pskIdentity, Throwable failure) {
    boolean isWrapped = failure instanceof CompletionException && failure.getCause() != null;
    ScandiumEvents.lookupFailed(pskIdentity, isWrapped ? failure.getCause() : failure);
    return Optional.empty();
  }

  private PskSecretResult result(
      ConnectionId cid,
      PskPublicInformation identity,
      Optional<PreSharedKey> psk,
      LookupSource source) {
    if (psk.isEmpty()) {
      return resultWithoutKey(cid, identity, LookupSource.NONE);
    }
    lookups.count(source);
    return result(cid, identity, psk);
  }

  private PskSecretResult resultWithoutKey(
      ConnectionId cid, PskPublicInformation identity, LookupSource source) {
    lookups.count(source);
    return result(cid, identity, Optional.empty());
  }

  private PskSecretResult result(
      ConnectionId cid, PskPublicInformation identity, Optional<PreSharedKey> psk) {
    byte[] key = psk.map(PreSharedKey::exposeBytes).orElseGet(keyOfNobody::clone);
    KeyCheckValue checkValue = psk.map(PreSharedKey::checkValue).orElse(null);
    psk.ifPresent(PreSharedKey::destroy);
    try {
      return new PskSecretResult(
          cid, identity, SecretUtil.create(key, ALGORITHM), checkValue, false, true);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Scandium destroys the secret of a result it uses, but not of one that comes after its handshake
   * has ended, and does not say which it was.
   */
  private static PskSecretResult wipedIfDropped(PskSecretResult result) {
    SecretKey secret = result.getSecret();
    Dropped.CLEANER.register(result, () -> SecretUtil.destroy(secret));
    return result;
  }

  /** Has its thread only where results come late. */
  private static final class Dropped {
    static final Cleaner CLEANER = Cleaner.create();
  }

  /**
   * Returns the identity to use as a DTLS client, which is the device's.
   *
   * @return null if no device is known at the address
   */
  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
    return identityOfPeer
        .apply(peerAddress)
        .map(identity -> new PskPublicInformation(identity.asString(), identity.toBytes()))
        .orElse(null);
  }

  /**
   * Called by a connector that is made with this store. Each connector needs a store of its own:
   * late results go to the one that was made last.
   */
  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    this.resultHandler = resultHandler;
  }
}
