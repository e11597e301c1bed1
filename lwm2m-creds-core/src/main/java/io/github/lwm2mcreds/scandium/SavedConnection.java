// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.Principal;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.Connection;

/** A connection with a session as it is saved: what Scandium writes, and the check value. */
final class SavedConnection {
  /** Enough for most. */
  private static final int LENGTH = 512;

  private SavedConnection() {}

  /**
   * Returns a connection's bytes, which hold the session's keys in clear. To be called in the
   * connection's turn.
   *
   * @return for the caller to wipe; null if it has no session
   */
  static byte[] bytes(Connection connection) {
    Principal peer = connection.getEstablishedPeerIdentity();
    boolean isPsk = peer instanceof PreSharedKeyIdentity;
    DatagramWriter writer = new DatagramWriter(LENGTH, true);
    if (isPsk) {
      connection.setEstablishedPeerIdentity(SessionCredential.portable(peer));
    }
    try {
      return connection.writeTo(writer) ? writer.toByteArray() : null;
    } finally {
      if (isPsk && connection.hasEstablishedDtlsContext()) {
        connection.setEstablishedPeerIdentity(peer); // it is used on
      }
      writer.close();
    }
  }
}
