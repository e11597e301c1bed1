package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A handshake that a server turned down; the peer is not told why.
 *
 * @param peer where it came from; empty where Scandium has forgotten it by then
 * @param pskIdentity the identity it claimed, escaped for people and logs; empty if it did not come
 *     to that
 * @param reason why it failed
 */
public record HandshakeRefusal(
    Optional<InetSocketAddress> peer, String pskIdentity, Reason reason) {
  /** Why a handshake failed. */
  public enum Reason {
    /** No credential has the identity. */
    UNKNOWN_IDENTITY,
    /** The peer has another key than the credential with its identity. */
    WRONG_KEY,
    /** The store failed to tell; whether the peer has the right key is not known. */
    STORE_FAILED,
    /**
     * The two have no cipher suite, or other parameter of the handshake, in common; no identity was
     * claimed yet.
     */
    NO_COMMON_PARAMETERS
  }
}
