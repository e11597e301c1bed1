// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.PskLookup;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;

/** What a store says of the credential that a session was made with. */
enum SessionVerdict {
  /** It is in the store. */
  GOOD,
  /** It is gone, or another has its identity. */
  RETIRED,
  /** The store cannot tell: its key does not open, or the session does not name its credential. */
  UNKNOWN;

  /**
   * Compares a session with the store.
   *
   * @param peer of the session; one that uses no pre-shared key is none of the store's
   * @throws RuntimeException if the store cannot be asked
   */
  static SessionVerdict of(Principal peer, PskLookup credentials) {
    return of(peer, credentials, credentials::findCheckValue);
  }

  /**
   * Compares a session that a device wants to resume with the store, which may refuse to let it in.
   *
   * @param peer as above
   * @throws RuntimeException if the store cannot be asked, or lets nobody in
   */
  static SessionVerdict ofNewcomer(Principal peer, PskLookup credentials) {
    return of(peer, credentials, identity -> checkValueOfKey(identity, credentials));
  }

  private static SessionVerdict of(
      Principal peer,
      PskLookup credentials,
      Function<PskIdentity, Optional<KeyCheckValue>> checkValue) {
    if (!(peer instanceof PreSharedKeyIdentity psk)) {
      return GOOD;
    }
    try {
      PskIdentity identity = PskIdentity.of(psk.getIdentity());
      Optional<String> made = SessionCredential.checkValue(psk);
      Optional<String> now = checkValue.apply(identity).map(KeyCheckValue::toString);
      if (now.isPresent()) {
        return made.isEmpty() ? UNKNOWN : made.equals(now) ? GOOD : RETIRED;
      }
      return credentials.findEndpoint(identity).isPresent() ? UNKNOWN : RETIRED;
    } catch (InvalidCredentialException e) {
      return RETIRED; // no store has such an identity
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return UNKNOWN;
      }
      throw e;
    }
  }

  private static Optional<KeyCheckValue> checkValueOfKey(
      PskIdentity identity, PskLookup credentials) {
    Optional<PreSharedKey> psk = credentials.findPsk(identity);
    try {
      return psk.map(PreSharedKey::checkValue);
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }
}
