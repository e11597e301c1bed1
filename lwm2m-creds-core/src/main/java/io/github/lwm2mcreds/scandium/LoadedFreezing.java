// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.Principal;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.ExtensiblePrincipal;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.MdcConnectionListener;
import org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * Makes an {@link IdleConnection} of a session that was loaded, and keeps it as its bytes until its
 * device sends something. That is done by many threads at a time, where to take in a connection as
 * it is would be the work of one; and it takes less than half of the memory.
 */
final class LoadedFreezing {
  private final boolean isUsed;
  private final boolean hasCookies;
  private final ApplicationLevelInfoSupplier infos;

  LoadedFreezing(DtlsConnectorConfig config) {
    this.isUsed = knowsNoConnections(config.getConnectionListener());
    this.hasCookies = config.get(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST);
    this.infos = SessionCredential.supplier(config.getApplicationLevelInfoSupplier());
  }

  /** Whether a listener does not know connections by the objects they are. */
  static boolean knowsNoConnections(ConnectionListener listener) {
    return listener == null
        || listener instanceof HandshakeRefusalListener
        || listener.getClass() == MdcConnectionListener.class;
  }

  /** Whether a ClientHello of before a restart has a cookie that is refused. */
  boolean hasCookies() {
    return hasCookies;
  }

  boolean isUsed() {
    return isUsed;
  }

  /**
   * Keeps a connection as its bytes.
   *
   * @param saved the bytes as which it was saved
   * @param isChanged whether its numbers are others since
   * @return what it is then; null if it has to stay as it is
   */
  IdleConnection frozen(Connection loaded, byte[] saved, boolean isChanged) {
    boolean hasHello = loaded.getStartNanos() != null;
    if (hasHello && hasCookies) {
      loaded.startByClientHello(null); // of a snapshot
    }
    if (!IdleConnection.mayBeLoaded(loaded)) {
      return null;
    }
    inform(loaded);
    IdleConnection idle = new IdleConnection(loaded);
    idle.freeze(
        hasHello || isChanged
            ? SavedConnection.bytes(loaded)
            : IdleConnection.savedAt(saved, loaded.getLastMessageNanos()));
    return idle;
  }

  /** As a connector does with those that it has loaded, if they are in its list. */
  private void inform(Connection loaded) {
    Principal peer = loaded.getEstablishedPeerIdentity();
    if (peer instanceof ExtensiblePrincipal<?> extensible) {
      AdditionalInfo info = infos.getInfo(peer, null);
      if (info != null) {
        loaded.setEstablishedPeerIdentity(extensible.amend(info));
      }
    }
  }
}
