// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.derive.HandedOutKeys.HandedOut;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.internal.Listeners;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The keys that follow from groups as they are now, and which of them were handed out. */
final class DerivedKeys {
  private final Listeners<CredentialStoreListener, RetiredCredential> listeners;
  private final HandedOutKeys handedOut;
  private volatile DeviceGroups groups;

  DerivedKeys(
      Listeners<CredentialStoreListener, RetiredCredential> listeners,
      int remembered,
      DeviceGroups groups) {
    this.listeners = listeners;
    this.handedOut = new HandedOutKeys(remembered);
    this.groups = groups;
  }

  DeviceGroups groups() {
    return groups;
  }

  /** Derives a credential whose key sessions will be made with. */
  Optional<DeviceCredential> handOut(PskIdentity pskIdentity) {
    Optional<DeviceCredential> derived = groups.find(pskIdentity);
    derived.ifPresent(handedOut::add);
    return derived;
  }

  /** Retires the keys that are no longer derived, of those that are remembered. */
  synchronized void exchange(DeviceGroups now) {
    groups = now;
    try (Stream<HandedOut> all = handedOut.stream()) {
      listeners.tellAll(all.filter(key -> !isGood(key)).map(this::outdated)::iterator);
    }
  }

  /** Whether all keys that were handed out are remembered. */
  boolean remembersAll() {
    return handedOut.isComplete();
  }

  private boolean isGood(HandedOut key) {
    Optional<DeviceCredential> now = groups.find(key.pskIdentity());
    boolean same = now.filter(key::isKeyOf).isPresent();
    now.ifPresent(DeviceCredential::destroy);
    return same;
  }

  private RetiredCredential outdated(HandedOut key) {
    handedOut.remove(key.pskIdentity());
    Cause cause = groups.identities(key.endpoint()).isEmpty() ? Cause.REMOVED : Cause.REPLACED;
    return new RetiredCredential(key.endpoint(), key.pskIdentity(), cause);
  }

  /** Retires an endpoint's identities, but for one whose sessions were ended otherwise. */
  void revoked(String endpoint, Optional<PskIdentity> told) {
    told.ifPresent(handedOut::remove);
    retire(endpoint, Cause.REVOKED, identity -> told.filter(identity::equals).isEmpty());
  }

  /** Retires an endpoint's identities, but for one that goes on with the same key. */
  void replaced(DeviceCredential stored) {
    retire(
        stored.endpoint(),
        Cause.REPLACED,
        identity -> handedOut.mayContain(identity) && !isDerived(identity, stored));
  }

  private boolean isDerived(PskIdentity identity, DeviceCredential credential) {
    Optional<DeviceCredential> derived = groups.find(identity);
    boolean same = derived.filter(credential::equals).isPresent();
    derived.ifPresent(DeviceCredential::destroy);
    return same;
  }

  private void retire(String endpoint, Cause cause, Predicate<PskIdentity> which) {
    List<PskIdentity> identities = groups.identities(endpoint).stream().filter(which).toList();
    identities.forEach(handedOut::remove);
    listeners.tellAll(
        identities.stream()
            .map(identity -> new RetiredCredential(endpoint, identity, cause))
            .toList());
  }
}
