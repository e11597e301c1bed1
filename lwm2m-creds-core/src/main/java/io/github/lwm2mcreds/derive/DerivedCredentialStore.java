// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.internal.Listeners;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * A store whose devices need not be stored: what the store behind it does not hold is derived from
 * a group key at each handshake, in some microseconds.
 *
 * <p>Stored credentials come first: an endpoint that has one has no derived keys. {@link #put},
 * {@link #remove}, {@link #stream} and {@link #size} are about stored credentials. When the stored
 * credential of a group's endpoint is removed, the endpoint has its derived keys again; to lock a
 * device out, {@linkplain #revoke revoke} it.
 *
 * <p>The store behind this one keeps the revocations, so that they outlive the process. Revoking an
 * endpoint there, in any process, ends its derived keys, too.
 *
 * <p>Listeners are called for stored credentials, and for derived ones whose endpoint is revoked,
 * gets a stored credential through this object, or loses the {@linkplain #setGroups group key's
 * version}.
 */
public final class DerivedCredentialStore implements CredentialStore {
  /** How many identities are remembered unless set otherwise: a million. */
  public static final int DEFAULT_REMEMBERED = 1_000_000;

  private final ManagedCredentialStore stored;
  private final Listeners<CredentialStoreListener, RetiredCredential> listeners =
      new Listeners<>(CredentialStoreListener::credentialRetired);
  private final DerivedKeys derived;

  /**
   * Makes a store.
   *
   * @param stored keeps stored credentials and revocations; asked at each handshake, so it must
   *     answer from memory. It keeps this object as a listener
   * @param groups of the devices that need not be stored
   * @throws IllegalArgumentException if an endpoint might belong to two groups
   */
  public DerivedCredentialStore(ManagedCredentialStore stored, DeviceGroup... groups) {
    this(stored, DEFAULT_REMEMBERED, groups);
  }

  /**
   * Makes a store for more, or fewer, devices.
   *
   * @param stored as above
   * @param remembered how many identities to remember, see {@link #setGroups}: each takes its
   *     length and about 35 bytes
   * @param groups of the devices that need not be stored
   * @throws IllegalArgumentException if an endpoint might belong to two groups
   */
  public DerivedCredentialStore(
      ManagedCredentialStore stored, int remembered, DeviceGroup... groups) {
    this.stored = Objects.requireNonNull(stored, "stored");
    this.derived = new DerivedKeys(listeners, remembered, DeviceGroups.of(groups));
    stored.addListener(new Forwarder());
  }

  /** Passes on what the store behind tells, and tells what follows from it. */
  private final class Forwarder implements CredentialStoreListener {
    @Override
    public void credentialRetired(RetiredCredential retired) {
      try {
        listeners.tell(retired);
      } finally {
        if (retired.cause() == Cause.REVOKED) {
          derived.revoked(retired.endpoint(), Optional.of(retired.pskIdentity()));
        }
      }
    }

    @Override
    public void changesMissed() {
      listeners.forEach(CredentialStoreListener::changesMissed);
    }
  }

  /**
   * Replaces the groups, to add or drop versions of their keys while servers run. Listeners are
   * called for each identity whose key was handed out and is no longer derived.
   *
   * <p>Since no device is stored, these are the identities remembered since this object was made,
   * up to a limit: a flood of made-up identities must not fill the memory. If there were more,
   * listeners are called to compare what they hold with the store. This takes some microseconds for
   * each identity remembered.
   *
   * @param groups all groups from now on
   * @return whether listeners were called for all; false if at any time there were more than are
   *     remembered
   * @throws IllegalArgumentException if an endpoint might belong to two groups; nothing has changed
   *     then
   */
  public boolean setGroups(DeviceGroup... groups) {
    DeviceGroups now = DeviceGroups.of(groups);
    try {
      derived.exchange(now);
    } finally {
      if (!derived.remembersAll()) {
        listeners.forEach(CredentialStoreListener::changesMissed);
      }
    }
    return derived.remembersAll();
  }

  /**
   * Revokes an endpoint: takes all its credentials away for good, stored and derived. The same as
   * {@link ManagedCredentialStore#revoke} of the store behind.
   *
   * @param endpoint the LwM2M endpoint client name
   * @param reason why; may be empty
   * @return whether it had a credential
   */
  public boolean revoke(String endpoint, String reason) {
    boolean hadDerived = !isRevoked(endpoint) && !derived.groups().identities(endpoint).isEmpty();
    return stored.revoke(endpoint, reason) || hadDerived;
  }

  private boolean isRevoked(String endpoint) {
    return findRevocation(endpoint).isPresent();
  }

  @Override
  public Instant upToDateAt() {
    return stored.upToDateAt();
  }

  @Override
  public boolean admitsNewcomers() {
    return stored.admitsNewcomers();
  }

  @Override
  public Optional<Revocation> findRevocation(String endpoint) {
    return stored.findRevocation(endpoint);
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return stored.findByPskIdentity(pskIdentity).or(() -> derive(pskIdentity));
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return stored.findEndpoint(pskIdentity).or(() -> derivedEndpoint(pskIdentity));
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return stored.findPskIdentity(endpoint).or(() -> newestIdentity(endpoint));
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return stored.findPsk(pskIdentity).or(() -> derive(pskIdentity).map(DeviceCredential::psk));
  }

  @Override
  public Optional<KeyCheckValue> findCheckValue(PskIdentity pskIdentity) {
    return stored.findCheckValue(pskIdentity).or(() -> derivedCheckValue(pskIdentity));
  }

  private Optional<KeyCheckValue> derivedCheckValue(PskIdentity pskIdentity) {
    Optional<DeviceCredential> derivedOne = derive(pskIdentity);
    try {
      return derivedOne.map(credential -> credential.psk().checkValue());
    } finally {
      derivedOne.ifPresent(DeviceCredential::destroy);
    }
  }

  private Optional<DeviceCredential> derive(PskIdentity pskIdentity) {
    return derivedEndpoint(pskIdentity).flatMap(endpoint -> derived.handOut(pskIdentity));
  }

  /** The endpoint of an identity whose key is derived. */
  private Optional<String> derivedEndpoint(PskIdentity pskIdentity) {
    return derived
        .groups()
        .endpointOf(pskIdentity)
        .filter(endpoint -> !isRevoked(endpoint) && !stored.hasCredential(endpoint));
  }

  /** {@inheritDoc} The store behind looks further for what is neither stored nor derived. */
  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return stored.findPskLater(pskIdentity);
  }

  /**
   * {@inheritDoc} For an endpoint whose key is derived, it is that of the newest version, which the
   * device need not have yet; {@link #findByPskIdentity} finds the one a device uses.
   */
  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return stored.findByEndpoint(endpoint).or(() -> newest(endpoint));
  }

  private Optional<DeviceCredential> newest(String endpoint) {
    return newestIdentity(endpoint).flatMap(derived.groups()::find);
  }

  /** The identity of the newest version of an endpoint's key, if that is derived. */
  private Optional<PskIdentity> newestIdentity(String endpoint) {
    List<PskIdentity> identities = derived.groups().identities(endpoint);
    if (identities.isEmpty() || isRevoked(endpoint)) {
      return Optional.empty();
    }
    PskIdentity newest = identities.get(identities.size() - 1);
    boolean isAnothers = stored.findEndpoint(newest).isPresent();
    return isAnothers ? Optional.empty() : Optional.of(newest);
  }

  /**
   * {@inheritDoc} From then on the endpoint has no derived keys.
   *
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint, be it
   *     one of a group
   * @throws RevokedCredentialException if the endpoint was revoked
   */
  @Override
  public PutOutcome put(DeviceCredential credential) {
    requireOwn(credential);
    return replaced(credential, stored.put(credential));
  }

  /**
   * {@inheritDoc} An endpoint of a group has its derived credential.
   *
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint, be it
   *     one of a group
   * @throws RevokedCredentialException if the endpoint was revoked
   */
  @Override
  public PutOutcome add(DeviceCredential credential) {
    requireOwn(credential);
    String endpoint = credential.endpoint();
    Optional<DeviceCredential> newest =
        stored.hasCredential(endpoint) ? Optional.empty() : newest(endpoint);
    try {
      if (newest.filter(other -> !other.equals(credential)).isPresent()) {
        throw new EndpointInUseException(endpoint);
      }
    } finally {
      newest.ifPresent(DeviceCredential::destroy);
    }
    return replaced(credential, stored.add(credential));
  }

  private void requireOwn(DeviceCredential credential) {
    Optional<String> owner = derived.groups().endpointOf(credential.pskIdentity());
    if (owner.filter(other -> !other.equals(credential.endpoint())).isPresent()) {
      throw new DuplicatePskIdentityException(credential.pskIdentity());
    }
  }

  private PutOutcome replaced(DeviceCredential credential, PutOutcome outcome) {
    if (outcome == PutOutcome.ADDED) {
      derived.replaced(credential);
    }
    return outcome;
  }

  /**
   * {@inheritDoc} An endpoint of a group has its derived keys again then, unless it is {@linkplain
   * #revoke revoked}.
   */
  @Override
  public boolean remove(String endpoint) {
    return stored.remove(endpoint);
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    return stored.confirm(pskIdentity);
  }

  /** {@inheritDoc} Devices whose keys are derived are not listed. */
  @Override
  public Stream<CredentialSummary> stream() {
    return stored.stream();
  }

  @Override
  public Stream<String> takenEndpoints() {
    return stored.takenEndpoints();
  }

  /** {@inheritDoc} Devices whose keys are derived are not counted. */
  @Override
  public long size() {
    return stored.size();
  }

  @Override
  public Optional<SessionLedger> sessionLedger() {
    return stored.sessionLedger();
  }

  @Override
  public void addListener(CredentialStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  /**
   * Describes the store without its content.
   *
   * @return the store behind, and the groups
   */
  @Override
  public String toString() {
    return "DerivedCredentialStore[" + stored + ", " + derived.groups().all() + "]";
  }
}
