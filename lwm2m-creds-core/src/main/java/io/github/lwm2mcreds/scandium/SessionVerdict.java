package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.PskLookup;
import java.security.Principal;
import java.util.Optional;
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
    if (!(peer instanceof PreSharedKeyIdentity psk)) {
      return GOOD;
    }
    try {
      return of(PskIdentity.of(psk.getIdentity()), SessionCredential.checkValue(psk), credentials);
    } catch (InvalidCredentialException e) {
      return RETIRED; // no store has such an identity
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return UNKNOWN;
      }
      throw e;
    }
  }

  private static SessionVerdict of(
      PskIdentity identity, Optional<String> made, PskLookup credentials) {
    Optional<String> now = checkValue(identity, credentials);
    if (now.isPresent()) {
      return made.isEmpty() ? UNKNOWN : made.equals(now) ? GOOD : RETIRED;
    }
    return credentials.findEndpoint(identity).isPresent() ? UNKNOWN : RETIRED;
  }

  private static Optional<String> checkValue(PskIdentity identity, PskLookup credentials) {
    Optional<PreSharedKey> psk = credentials.findPsk(identity);
    try {
      return psk.map(PreSharedKey::checkValue).map(KeyCheckValue::toString);
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }
}
