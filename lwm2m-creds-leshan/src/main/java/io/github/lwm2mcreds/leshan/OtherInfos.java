// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.leshan.core.Destroyable;
import org.eclipse.leshan.core.Startable;
import org.eclipse.leshan.core.Stoppable;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;

/**
 * The infos of other modes than PSK: those of endpoints that are not revoked. Whoever adds or reads
 * one asks for the revocation, so it counts even before, or without, an event that tells of it.
 */
final class OtherInfos {
  private final CredentialStore credentials;
  private final EditableSecurityStore infos;

  OtherInfos(CredentialStore credentials, EditableSecurityStore infos) {
    this.credentials = credentials;
    this.infos = infos;
  }

  /** Finds the info of an endpoint; null if there is none. */
  SecurityInfo byEndpoint(String endpoint) {
    return ifGood(infos.getByEndpoint(endpoint));
  }

  /** Finds an info; null if there is none. */
  SecurityInfo byOscoreIdentity(OscoreIdentity identity) {
    return ifGood(infos.getByOscoreIdentity(identity));
  }

  private SecurityInfo ifGood(SecurityInfo info) {
    return info != null && isGood(info) ? info : null;
  }

  /** Pre-shared keys have no business here; somebody may have added one all the same. */
  private boolean isGood(SecurityInfo info) {
    return !info.usePSK() && !isRevoked(info);
  }

  private boolean isRevoked(SecurityInfo info) {
    return credentials.findRevocation(info.getEndpoint()).isPresent();
  }

  Stream<SecurityInfo> all() {
    return infos.getAll().stream().filter(this::isGood);
  }

  /**
   * Adds an info; returns the one it replaces, or null.
   *
   * @throws RevokedCredentialException if the endpoint is revoked, or is being revoked
   */
  SecurityInfo add(SecurityInfo info) throws NonUniqueSecurityInfoException {
    SecurityInfo replaced = infos.add(info);
    try {
      requireNotRevoked(info.getEndpoint());
    } catch (RevokedCredentialException e) {
      infos.remove(info.getEndpoint(), true); // what tells of the revocation may have come before
      throw e;
    }
    return replaced;
  }

  void requireNotRevoked(String endpoint) {
    Optional<Revocation> revocation = credentials.findRevocation(endpoint);
    if (revocation.isPresent()) {
      throw new RevokedCredentialException(endpoint, revocation.get());
    }
  }

  /**
   * Removes the infos of endpoints that are revoked, so that their sessions end. What listeners
   * throw keeps none of them, and is thrown afterwards.
   */
  void removeRevoked() {
    Failures failures = new Failures();
    failures.collect(() -> removeRevoked(failures));
    failures.rethrow();
  }

  private void removeRevoked(Failures failures) {
    for (SecurityInfo info : List.copyOf(infos.getAll())) {
      if (isRevoked(info)) { // if the store cannot tell, it is not asked again for each
        failures.collect(() -> infos.remove(info.getEndpoint(), true));
      }
    }
  }

  /** Starts where they are kept, which may load them then. */
  void start() {
    if (infos instanceof Startable startable) {
      startable.start();
      PskInfos.requireNone(infos);
    }
    removeRevoked();
  }

  void stop() {
    if (infos instanceof Stoppable stoppable) {
      stoppable.stop();
    }
  }

  void destroy() {
    if (infos instanceof Destroyable destroyable) {
      destroyable.destroy();
    } else {
      stop();
    }
  }
}
