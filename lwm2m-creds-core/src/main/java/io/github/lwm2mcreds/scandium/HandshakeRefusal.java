package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;

/**
 * A handshake that a server turned down; the peer is not told why.
 *
 * @param peer where it came from
 * @param pskIdentity the identity it claimed, escaped for people and logs
 * @param reason why it failed
 */
public record HandshakeRefusal(InetSocketAddress peer, String pskIdentity, Reason reason) {
  /** Why a handshake failed. */
  public enum Reason {
    /** No credential has the identity. */
    UNKNOWN_IDENTITY,
    /** The peer has another key than the credential with its identity. */
    WRONG_KEY
  }
}
