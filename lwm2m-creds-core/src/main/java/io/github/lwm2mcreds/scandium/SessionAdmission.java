// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.ScandiumEvents.Ended;
import io.github.lwm2mcreds.store.PskLookup;
import java.security.Principal;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.util.SecretUtil;

/** Decides whether a session that was saved may go on. */
final class SessionAdmission {
  private final PskLookup credentials;
  private final SessionSweeps sweeps;

  /**
   * Makes one.
   *
   * @param sweeps look at a session again for which the store could not be asked
   */
  SessionAdmission(PskLookup credentials, SessionSweeps sweeps) {
    this.credentials = credentials;
    this.sweeps = sweeps;
  }

  /**
   * Returns whether the numbers and the credential of a connection's session are good; if not, the
   * session is ended. It may be called by several threads.
   *
   * @param loaded of which file it is; null if of none
   */
  boolean admits(Connection connection, LoadedSessions loaded) {
    Principal peer = SessionCredential.restored(connection.getEstablishedPeerIdentity());
    if (peer != null) {
      connection.setEstablishedPeerIdentity(peer);
    }
    boolean isRetired = isRetired(peer);
    if (!isRetired && (loaded == null || loaded.admits(connection))) {
      return true;
    }
    if (isRetired) {
      ScandiumEvents.ended(Ended.NOT_LOADED, connection);
    }
    SecretUtil.destroy(connection.getEstablishedDtlsContext());
    return false;
  }

  private boolean isRetired(Principal peer) {
    try {
      return SessionVerdict.of(peer, credentials) == SessionVerdict.RETIRED;
    } catch (RuntimeException e) {
      sweeps.sweepLater(false);
      return false; // not known: looked at again once the store can be asked
    }
  }
}
