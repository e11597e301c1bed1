// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.simulation;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Sessions;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.mirror.MirrorObserver;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.github.lwm2mcreds.store.mirror.SteppedMirror;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;

/**
 * A server with a real mirror: its handshakes under way, sessions and registrations, which end by
 * the same rules as those of a connector and of a registration store.
 */
final class SimulatedServer implements CredentialStoreListener, MirrorObserver {
  final List<PreSharedKeyIdentity> sessions = new ArrayList<>();

  /** The identity that each registered endpoint registered with. */
  final Map<String, PskIdentity> registrations = new TreeMap<>();

  /** The positions of histories that turned out not to be the store's. */
  private final List<Position> reported = new ArrayList<>();

  private final List<PreSharedKeyIdentity> handshakes = new ArrayList<>();
  private final SteppedMirror mirror;

  SimulatedServer(StoreEngine engine) {
    mirror = SteppedMirror.of(engine, this);
    mirror.store().addListener(this);
  }

  MirroredCredentialStore store() {
    return mirror.store();
  }

  /** Where in the store's history the mirror is. */
  Position position() {
    return mirror.position();
  }

  /** Follows the store, if it is in reach. */
  void round() {
    try {
      mirror.round();
    } catch (CredentialStoreException e) {
      // it is tried again
    }
  }

  /** A device begins a handshake, in which the server takes its key. */
  void begin(DeviceCredential device) {
    Optional<PreSharedKey> psk = store().findPsk(device.pskIdentity());
    if (psk.filter(device.psk()::equals).isPresent()) {
      handshakes.add(Sessions.peer(device));
    }
  }

  /** The handshakes under way come to their end, and their devices register. */
  void finish(Map<PskIdentity, String> endpoints) {
    sessions.addAll(handshakes);
    handshakes.clear();
    for (PreSharedKeyIdentity session : sessions) {
      PskIdentity identity = PskIdentity.of(session.getIdentity());
      String endpoint = endpoints.get(identity);
      boolean authorised =
          store().findEndpoint(identity).filter(endpoint::equals).isPresent()
              && store().findRevocation(endpoint).isEmpty();
      if (authorised) {
        registrations.put(endpoint, identity);
      }
    }
  }

  @Override
  public void credentialRetired(RetiredCredential retired) {
    String identity = retired.pskIdentity().asString();
    handshakes.removeIf(handshake -> handshake.getIdentity().equals(identity));
    sessions.removeIf(session -> session.getIdentity().equals(identity));
    if (retired.cause() != Cause.REPLACED) {
      registrations.remove(retired.endpoint());
    }
  }

  @Override
  public void changesMissed() {
    handshakes.clear();
    sessions.removeIf(session -> Sessions.isRetired(session, store()));
    registrations
        .keySet()
        .removeIf(
            endpoint ->
                !store().hasCredential(endpoint) || store().findRevocation(endpoint).isPresent());
  }

  @Override
  public void historyChanged(Position followed, Position loaded) {
    reported.add(followed);
  }

  /** Whether it was reported that a change, or one behind it, is no longer in the history. */
  boolean hasReported(HistoryHash change, Histories histories) {
    return reported.stream().anyMatch(at -> histories.goesThrough(at.hash(), change));
  }
}
