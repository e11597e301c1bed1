// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.PskLookup;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;

/** The peers of sessions, and what a connector would make of them. */
public final class Sessions {
  private Sessions() {}

  /** The peer of a session that a device makes with a credential. */
  public static PreSharedKeyIdentity peer(DeviceCredential credential) {
    PreSharedKeyIdentity peer = new PreSharedKeyIdentity(credential.pskIdentity().asString());
    return peer.amend(
        SessionCredential.supplier(null).getInfo(peer, credential.psk().checkValue()));
  }

  /** Whether a sweep ends the session. */
  public static boolean isRetired(PreSharedKeyIdentity peer, PskLookup store) {
    return SessionVerdict.of(peer, store) == SessionVerdict.RETIRED;
  }
}
