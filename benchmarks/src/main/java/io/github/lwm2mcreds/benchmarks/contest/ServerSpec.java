// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.util.List;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;

/**
 * A server to be measured.
 *
 * @param peer whose server it is
 * @param store where it looks up keys; Bouncy Castle and OpenSSL compute those of a {@link Fleet}
 *     instead
 * @param devices how many devices its store has
 * @param suite the cipher suite of the handshakes
 * @param helloVerify whether it sends a HelloVerifyRequest
 */
public record ServerSpec(
    Peer peer, FilledStore.Kind store, int devices, CipherSuite suite, boolean helloVerify) {
  /** Whose server. */
  public enum Peer {
    /** {@code LwM2mDtls.server} in a {@code PskServerConnector}. */
    LWM2M_CREDS,
    /** {@code LwM2mDtls.server} in a plain {@code DTLSConnector}. */
    LWM2M_DTLS,
    /** A connector that is configured as in a stock Leshan server. */
    LESHAN,
    /** A connector with Scandium's defaults. */
    SCANDIUM,
    /** Bouncy Castle's DTLS server, with a pool thread for each handshake. */
    BOUNCY_CASTLE,
    /** A C program over the system's libssl. */
    OPENSSL,
    /** {@code PskServer}, with registrations. */
    LWM2M_CREDS_SERVER,
    /** A stock Leshan server, with registrations. */
    LESHAN_SERVER
  }

  public static ServerSpec of(Peer peer, FilledStore.Kind store, int devices) {
    return new ServerSpec(peer, store, devices, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, true);
  }

  ServerSpec withoutHelloVerify() {
    return new ServerSpec(peer, store, devices, suite, false);
  }

  ServerSpec withSuite(CipherSuite other) {
    return new ServerSpec(peer, store, devices, other, helloVerify);
  }

  /** Returns one of several shares of the fleet, so that no device is in two places at a time. */
  public Fleet share(int share, int shares) {
    return new Fleet(devices, store == FilledStore.Kind.DERIVED, share, shares);
  }

  List<String> toArguments() {
    return List.of(
        peer.name(),
        store.name(),
        Integer.toString(devices),
        suite.name(),
        Boolean.toString(helloVerify));
  }

  static ServerSpec ofArguments(String... args) {
    return new ServerSpec(
        Peer.valueOf(args[0]),
        FilledStore.Kind.valueOf(args[1]),
        Integer.parseInt(args[2]),
        CipherSuite.getTypeByName(args[3]),
        Boolean.parseBoolean(args[4]));
  }
}
