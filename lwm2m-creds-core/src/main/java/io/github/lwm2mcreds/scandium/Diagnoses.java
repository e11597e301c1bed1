// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PskLookup;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds what a refused device seems to do wrong: tries other keys on the record that it sent, and
 * looks for identities that are like its own. Some hundred lookups at most, and none through all
 * credentials.
 */
final class Diagnoses {
  private final PskLookup store;

  Diagnoses(PskLookup store) {
    this.store = store;
  }

  /**
   * Finds why a device has a wrong key.
   *
   * @param identity of a credential
   * @param fits tells whether the device has a key
   */
  Optional<Diagnosis> ofWrongKey(PskIdentity identity, Predicate<byte[]> fits) {
    return ownKey(identity, fits)
        .or(() -> builtIn(fits))
        .or(() -> otherOfRotation(identity, fits))
        .or(() -> otherOfLot(identity, fits));
  }

  private Optional<Diagnosis> ownKey(PskIdentity identity, Predicate<byte[]> fits) {
    return withKey(store.findPsk(identity), key -> KeyCandidates.find(key, fits))
        .flatMap(found -> found);
  }

  private static Optional<Diagnosis> builtIn(Predicate<byte[]> fits) {
    return withKey(Optional.of(KeyPolicy.builtInKey()), fits::test)
        .filter(fitting -> fitting)
        .map(fitting -> new Diagnosis(Mistake.BUILT_IN_KEY, ""));
  }

  private Optional<Diagnosis> otherOfRotation(PskIdentity identity, Predicate<byte[]> fits) {
    if (!(store instanceof ManagedCredentialStore managed)) {
      return Optional.empty();
    }
    return store
        .findEndpoint(identity)
        .flatMap(managed::findRotation)
        .map(rotation -> identity.equals(rotation.next()) ? rotation.current() : rotation.next())
        .filter(other -> hasKeyOf(other, fits))
        .map(other -> new Diagnosis(Mistake.OTHER_KEY_OF_ROTATION, quoted(other)));
  }

  private Optional<Diagnosis> otherOfLot(PskIdentity identity, Predicate<byte[]> fits) {
    return store.findEndpoint(identity).stream()
        .flatMap(endpoint -> LotNeighbours.of(endpoint).stream())
        .flatMap(endpoint -> identityOf(endpoint).stream())
        .filter(other -> hasKeyOf(other, fits))
        .map(other -> new Diagnosis(Mistake.KEY_OF_OTHER_DEVICE, quoted(other)))
        .findFirst();
  }

  /** Where endpoints cannot be looked up, they are likely their own identities. */
  private Optional<PskIdentity> identityOf(String endpoint) {
    return store instanceof CredentialStore credentials
        ? credentials.findPskIdentity(endpoint)
        : Optional.of(PskIdentity.of(endpoint));
  }

  /**
   * Finds whom an unknown identity may be meant to be.
   *
   * @param fits tells whether the device has a key
   */
  Optional<Diagnosis> ofUnknownIdentity(PskIdentity identity, Predicate<byte[]> fits) {
    for (Map.Entry<PskIdentity, Mistake> like : IdentityCandidates.of(identity).entrySet()) {
      if (store.findEndpoint(like.getKey()).isPresent()) {
        return Optional.of(new Diagnosis(like.getValue(), withItsKey(like.getKey(), fits)));
      }
    }
    return ofEndpointAsIdentity(identity, fits).or(() -> builtIn(fits));
  }

  private Optional<Diagnosis> ofEndpointAsIdentity(PskIdentity sent, Predicate<byte[]> fits) {
    if (!(store instanceof CredentialStore credentials)) {
      return Optional.empty();
    }
    String endpoint = sent.asString();
    Optional<Diagnosis> moved =
        credentials
            .findPskIdentity(endpoint)
            .map(own -> new Diagnosis(Mistake.ENDPOINT_AS_IDENTITY, withItsKey(own, fits)));
    return moved.or(
        () -> credentials.findRevocation(endpoint).map(r -> new Diagnosis(Mistake.REVOKED, "")));
  }

  private String withItsKey(PskIdentity meant, Predicate<byte[]> fits) {
    if (hasKeyOf(meant, fits)) {
      return quoted(meant) + ", whose key it has";
    }
    return quoted(meant) + ownKey(meant, fits).map(wrong -> " and to " + wrong.seems()).orElse("");
  }

  private boolean hasKeyOf(PskIdentity identity, Predicate<byte[]> fits) {
    try {
      return withKey(store.findPsk(identity), fits::test).orElse(false);
    } catch (CredentialStoreException e) {
      return false; // a key that does not open, for example
    }
  }

  private static <T> Optional<T> withKey(
      Optional<PreSharedKey> psk, SecretBytes.Use<T, RuntimeException> use) {
    try {
      return psk.map(key -> SecretBytes.useAndWipe(key.exposeBytes(), use));
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }

  private static String quoted(PskIdentity identity) {
    return "'" + Printable.escape(identity.asString()) + "'";
  }
}
