// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.internal.Addresses;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A handshake that a server refused. The peer is not told the reason.
 *
 * @param peer the address it came from; empty if Scandium no longer knows it
 * @param pskIdentity the identity it claimed, escaped for people and logs; empty if it did not get
 *     that far
 * @param reason why it failed
 * @param offered what the peer offers of that which the server lacks: names of cipher suites, or a
 *     protocol version; empty for other reasons, and if the datagram is no longer known
 * @param diagnosis what the device seems to do wrong; empty if that is not known, or was not looked
 *     for
 * @param identity the identity it claimed as it is, to compare with those of a store; empty if it
 *     did not get that far, or no credential can have it
 */
public record HandshakeRefusal(
    Optional<InetSocketAddress> peer,
    String pskIdentity,
    Reason reason,
    List<String> offered,
    Optional<Diagnosis> diagnosis,
    Optional<PskIdentity> identity) {
  /** Why a handshake failed. */
  public enum Reason {
    /** No credential has the identity. */
    UNKNOWN_IDENTITY,
    /** The peer has another key than the credential with its identity. */
    WRONG_KEY,
    /** The store failed, so whether the peer has the right key is not known. */
    STORE_FAILED,
    /** The peer offers none of the server's cipher suites. No identity was claimed yet. */
    NO_COMMON_CIPHER_SUITE,
    /** The peer offers an older version of DTLS than the server's only. */
    UNSUPPORTED_VERSION,
    /**
     * The peer's first message came in fragments, which Scandium does not put together. Its address
     * is not verified at that point: anybody may have sent it in another's name.
     */
    FRAGMENTED_CLIENT_HELLO,
    /** One of the two does not trust the other's certificate or raw public key. */
    CERTIFICATE_REFUSED,
    /**
     * The two have another handshake parameter not in common, or which one is not known. No
     * identity was claimed yet.
     */
    NO_COMMON_PARAMETERS
  }

  /**
   * Makes a refusal.
   *
   * @param peer the address it came from; empty if Scandium no longer knows it
   * @param pskIdentity the identity it claimed, escaped; empty if it did not get that far
   * @param reason why it failed
   * @param offered what the peer offers of that which the server lacks; copied
   * @param diagnosis what the device seems to do wrong, if that is known
   * @param identity the identity it claimed as it is, if a credential can have it
   */
  public HandshakeRefusal {
    offered = List.copyOf(offered);
  }

  /**
   * Makes a refusal of which no more is known.
   *
   * @param peer the address it came from; empty if Scandium no longer knows it
   * @param pskIdentity the identity it claimed, escaped; empty if it did not get that far
   * @param reason why it failed
   */
  public HandshakeRefusal(Optional<InetSocketAddress> peer, String pskIdentity, Reason reason) {
    this(peer, pskIdentity, reason, List.of(), Optional.empty(), Optional.empty());
  }

  HandshakeRefusal with(Optional<Diagnosis> found) {
    return new HandshakeRefusal(peer, pskIdentity, reason, offered, found, identity);
  }

  /**
   * Returns the refusal in words.
   *
   * @return one line for people and logs: what was wrong, with which identity, from where, and what
   *     to look at where that is known
   */
  public String text() {
    String from = peer.map(address -> " from " + Addresses.text(address)).orElse("");
    return what() + from + (hint().isEmpty() ? "" : "; " + hint());
  }

  private String what() {
    return switch (reason) {
      case UNKNOWN_IDENTITY -> "unknown PSK identity '" + pskIdentity + "'";
      case WRONG_KEY -> "wrong key for PSK identity '" + pskIdentity + "'";
      case STORE_FAILED -> "the store failed to look up PSK identity '" + pskIdentity + "'";
      case NO_COMMON_CIPHER_SUITE -> "no common cipher suite";
      case UNSUPPORTED_VERSION -> "unsupported version of DTLS";
      case FRAGMENTED_CLIENT_HELLO -> "ClientHello in fragments";
      case CERTIFICATE_REFUSED -> "certificate or raw public key not trusted";
      case NO_COMMON_PARAMETERS -> "no common handshake parameters";
    };
  }

  /**
   * Returns what to look at, in words.
   *
   * @return the diagnosis, what was offered, or what the reason says itself; empty if nothing is
   *     known
   */
  public String hint() {
    if (reason == Reason.FRAGMENTED_CLIENT_HELLO) {
      return "it has to fit into one datagram (the address is not verified)";
    }
    if (!offered.isEmpty()) {
      return "the device offers " + String.join(", ", offered);
    }
    return diagnosis.map(Diagnosis::text).orElse("");
  }
}
