package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A handshake that a server refused. The peer is not told the reason.
 *
 * @param peer the address it came from; empty if Scandium no longer knows it
 * @param pskIdentity the identity it claimed, escaped for people and logs; empty if it did not get
 *     that far
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
    /** The store failed, so whether the peer has the right key is not known. */
    STORE_FAILED,
    /**
     * The two have no cipher suite or other handshake parameter in common. No identity was claimed
     * yet.
     */
    NO_COMMON_PARAMETERS
  }
}
