package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A store whose devices need not be stored: what the store behind it does not hold is derived from
 * a group key, at each handshake anew, in some microseconds.
 *
 * <p>Stored comes first: an endpoint with a stored credential has that one only, and its derived
 * keys are good no longer. {@link #put}, {@link #remove}, {@link #stream} and {@link #size} are
 * about stored credentials. An endpoint of a group whose stored credential is removed has its
 * derived keys again; to lock a device out it is {@linkplain #revoke revoked}.
 *
 * <p>There is one list of revocations. A {@link ManagedCredentialStore} behind this one has it, and
 * revoking an endpoint there, in any process, ends its derived keys too. For another store the list
 * is in this object, and gone with it.
 *
 * <p>Listeners are told of stored credentials, and of derived ones whose endpoint is revoked, gets
 * a stored credential through this object, or loses the {@linkplain #setGroups group key's
 * version}.
 */
public final class DerivedCredentialStore implements CredentialStore {
  /** How many identities are remembered unless said otherwise: a million. */
  public static final int DEFAULT_REMEMBERED = 1_000_000;

  private final CredentialStore stored;
  private final Map<String, Revocation> revocations = new ConcurrentHashMap<>();
  private final Listeners listeners = new Listeners();
  private final DerivedKeys derived;

  /**
   * Makes a store.
   *
   * @param stored where stored credentials are; asked at each handshake for identity, endpoint and
   *     revocation, so it must answer from memory. It keeps this object as a listener
   * @param groups of the devices that need not be stored
   * @throws IllegalArgumentException if an endpoint might belong to two groups
   */
  public DerivedCredentialStore(CredentialStore stored, DeviceGroup... groups) {
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
  public DerivedCredentialStore(CredentialStore stored, int remembered, DeviceGroup... groups) {
    this.stored = Objects.requireNonNull(stored, "stored");
    this.derived = new DerivedKeys(listeners, remembered, DeviceGroups.of(groups));
    stored.addListener(this::storedRetired);
  }

  /** Passes on what the store behind tells, and tells what follows from it. */
  private void storedRetired(RetiredCredential retired) {
    String endpoint = retired.endpoint();
    Cause cause = revocations.containsKey(endpoint) ? Cause.REVOKED : retired.cause();
    try {
      listeners.tell(new RetiredCredential(endpoint, retired.pskIdentity(), cause));
    } finally {
      if (retired.cause() == Cause.REVOKED) {
        derived.revoked(endpoint, Optional.of(retired.pskIdentity()));
      }
    }
  }

  /**
   * Exchanges the groups, for ones with more or fewer versions of their keys, while servers run.
   * Listeners are told of each identity that was given a key which is its key no longer.
   *
   * <p>As no device is stored, these are the identities remembered since this object was made, up
   * to a limit: a flood of made-up identities must not fill the memory. Sessions of others go on
   * until their devices next register, or connect anew. This takes some microseconds for each
   * identity remembered.
   *
   * @param groups all there are to be from now on
   * @return whether all were told of; false if at any time there were more than are remembered
   * @throws IllegalArgumentException if an endpoint might belong to two groups; nothing has changed
   *     then
   */
  public boolean setGroups(DeviceGroup... groups) {
    return derived.exchange(DeviceGroups.of(groups));
  }

  /**
   * Takes away all that an endpoint has, stored and derived, not to come back; see {@link
   * ManagedCredentialStore#revoke}, which this calls where it can.
   *
   * @param endpoint the LwM2M endpoint client name
   * @param reason why; may be empty
   * @return whether it had a credential
   */
  public boolean revoke(String endpoint, String reason) {
    boolean hadDerived = !isRevoked(endpoint) && !derived.groups().identities(endpoint).isEmpty();
    if (stored instanceof ManagedCredentialStore managed) {
      return managed.revoke(endpoint, reason) || hadDerived;
    }
    revocations.putIfAbsent(
        endpoint, new Revocation(endpoint, Optional.empty(), Instant.now(), reason));
    try {
      Optional<DeviceCredential> removed = stored.remove(endpoint);
      removed.ifPresent(DeviceCredential::destroy);
      return removed.isPresent() || hadDerived;
    } finally {
      derived.revoked(endpoint, Optional.empty());
    }
  }

  private boolean isRevoked(String endpoint) {
    return stored instanceof ManagedCredentialStore managed
        ? managed.findRevocation(endpoint).isPresent()
        : revocations.containsKey(endpoint);
  }

  @Override
  public Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity) {
    return stored.findByPskIdentity(pskIdentity).or(() -> derive(pskIdentity));
  }

  @Override
  public Optional<String> findEndpoint(PskIdentity pskIdentity) {
    return stored
        .findEndpoint(pskIdentity)
        .or(
            () ->
                derive(pskIdentity)
                    .map(DerivedCredentialStore::destroyed)
                    .map(DeviceCredential::endpoint));
  }

  @Override
  public Optional<PskIdentity> findPskIdentity(String endpoint) {
    return stored
        .findPskIdentity(endpoint)
        .or(
            () ->
                newest(endpoint)
                    .map(DerivedCredentialStore::destroyed)
                    .map(DeviceCredential::pskIdentity));
  }

  /** Without its key, which was not asked for. */
  private static DeviceCredential destroyed(DeviceCredential credential) {
    credential.destroy();
    return credential;
  }

  @Override
  public Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return stored.findPsk(pskIdentity).or(() -> derive(pskIdentity).map(DeviceCredential::psk));
  }

  private Optional<DeviceCredential> derive(PskIdentity pskIdentity) {
    return derived
        .groups()
        .endpointOf(pskIdentity)
        .filter(endpoint -> !isRevoked(endpoint) && !stored.hasCredential(endpoint))
        .flatMap(endpoint -> derived.handOut(pskIdentity));
  }

  /**
   * {@inheritDoc} Called only for what is neither stored nor derived, as far as is known at once:
   * the store behind looks further.
   */
  @Override
  public CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return stored.findPskLater(pskIdentity);
  }

  /**
   * {@inheritDoc} Of an endpoint whose key is derived it is that of the newest version, which the
   * device need not have yet: {@link #findByPskIdentity} tells by its identity.
   */
  @Override
  public Optional<DeviceCredential> findByEndpoint(String endpoint) {
    return stored.findByEndpoint(endpoint).or(() -> newest(endpoint));
  }

  private Optional<DeviceCredential> newest(String endpoint) {
    List<PskIdentity> identities = derived.groups().identities(endpoint);
    if (identities.isEmpty() || isRevoked(endpoint)) {
      return Optional.empty();
    }
    PskIdentity identity = identities.get(identities.size() - 1);
    Optional<PreSharedKey> anothers = stored.findPsk(identity);
    anothers.ifPresent(PreSharedKey::destroy);
    return anothers.isPresent() ? Optional.empty() : derived.groups().find(identity);
  }

  /**
   * Stores an endpoint's credential, instead of the one it may have; from now on it has no derived
   * keys.
   *
   * @return the credential that was stored before, or empty
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint, be it
   *     one of a group
   * @throws RevokedCredentialException if the endpoint was revoked
   */
  @Override
  public Optional<DeviceCredential> put(DeviceCredential credential) {
    String endpoint = credential.endpoint();
    PskIdentity identity = credential.pskIdentity();
    Optional<String> owner = derived.groups().endpointOf(identity);
    if (owner.filter(other -> !other.equals(endpoint)).isPresent()) {
      throw new DuplicatePskIdentityException(identity);
    }
    requireNotRevoked(endpoint);
    Optional<DeviceCredential> previous = stored.put(credential);
    if (revocations.containsKey(endpoint)) { // by another thread, which may have come too early
      stored.remove(endpoint).ifPresent(DeviceCredential::destroy);
      requireNotRevoked(endpoint);
    }
    if (previous.isEmpty()) {
      derived.replaced(credential);
    }
    return previous;
  }

  private void requireNotRevoked(String endpoint) {
    Revocation revocation = revocations.get(endpoint);
    if (revocation != null) {
      throw new RevokedCredentialException(endpoint, revocation);
    }
  }

  /**
   * {@inheritDoc} An endpoint of a group has its derived keys then, unless it is {@linkplain
   * #revoke revoked}.
   */
  @Override
  public Optional<DeviceCredential> remove(String endpoint) {
    return stored.remove(endpoint);
  }

  @Override
  public boolean confirm(PskIdentity pskIdentity) {
    return stored.confirm(pskIdentity);
  }

  /** {@inheritDoc} Devices whose keys are derived are not listed. */
  @Override
  public Stream<DeviceCredential> stream() {
    return stored.stream();
  }

  /** {@inheritDoc} Devices whose keys are derived are not counted. */
  @Override
  public long size() {
    return stored.size();
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
