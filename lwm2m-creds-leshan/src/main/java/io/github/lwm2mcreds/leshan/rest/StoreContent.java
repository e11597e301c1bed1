// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.leshan.rest.KeyTags.Tag;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a store held at one moment, without its keys. */
final class StoreContent {
  private final KeyTags tags;
  private final Map<String, Stored> current = new TreeMap<>();
  private final Map<String, Stored> next = new HashMap<>();

  /** The endpoints of the identities that are not the endpoint itself, as most are. */
  private final Map<PskIdentity, String> endpointOf = new HashMap<>();

  private final Set<String> revoked = new HashSet<>();

  /** A credential; {@code tag} is null if its key does not open. */
  record Stored(PskIdentity identity, Optional<KeyCheckValue> checkValue, Tag tag) {
    CredentialSummary summary(String endpoint) {
      return new CredentialSummary(endpoint, identity, checkValue);
    }

    boolean opens() {
      return tag != null;
    }
  }

  private StoreContent(KeyTags tags) {
    this.tags = tags;
  }

  /** Reads a store; each key is opened, and destroyed before the next. */
  static StoreContent read(StoreEngine store, KeyTags tags) {
    StoreContent content = new StoreContent(tags);
    Snapshot snapshot = store.load(Optional.empty(), credential -> content.take(store, credential));
    for (Rotation rotation : snapshot.rotations()) {
      if (!rotation.deadline().isAfter(store.clock().instant())) {
        content.finish(rotation.endpoint());
      }
    }
    snapshot.revocations().stream().map(Revocation::endpoint).forEach(content.revoked::add);
    content.current.forEach(
        (endpoint, stored) -> {
          if (!stored.identity().asString().equals(endpoint)) {
            content.endpointOf.put(stored.identity(), endpoint);
          }
        });
    return content;
  }

  private void take(StoreEngine store, SealedCredential credential) {
    Map<String, Stored> all = credential.role() == Role.NEXT ? next : current;
    PskIdentity identity = credential.pskIdentity();
    try {
      PreSharedKey key = store.open(credential);
      try {
        all.put(
            credential.endpoint(),
            new Stored(identity, Optional.of(key.checkValue()), tags.of(identity, key)));
      } finally {
        key.destroy();
      }
    } catch (CredentialStoreException e) {
      if (!e.isUnopenedKey()) {
        throw e;
      }
      all.put(credential.endpoint(), new Stored(identity, Optional.empty(), null));
    }
  }

  /** Does what the store does once a deadline has passed: the next credential is the only one. */
  private void finish(String endpoint) {
    Stored only = next.remove(endpoint);
    if (only != null) {
      current.put(endpoint, only);
    }
  }

  /** Returns the credentials by their endpoints, in order. */
  Map<String, Stored> credentials() {
    return current;
  }

  /** Returns an endpoint's credential, or null. */
  Stored of(String endpoint) {
    return current.get(endpoint);
  }

  /** Returns the credential that an endpoint rotates to, or null. */
  Stored nextOf(String endpoint) {
    return next.get(endpoint);
  }

  boolean isRevoked(String endpoint) {
    return revoked.contains(endpoint);
  }

  /** Returns the endpoint whose credential has an identity, or null. */
  String endpointOf(PskIdentity identity) {
    String endpoint = endpointOf.get(identity);
    if (endpoint != null) {
      return endpoint;
    }
    Stored namesake = current.get(identity.asString());
    return namesake != null && namesake.identity().equals(identity) ? identity.asString() : null;
  }
}
