package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What a {@link ManagedCredentialStore} is documented to do, in plain maps. */
final class ManagedModel {
  record Next(DeviceCredential credential, Instant deadline) {}

  private final TestClock clock;
  private Map<String, DeviceCredential> current = new HashMap<>();
  private Map<String, Next> next = new HashMap<>();
  private TreeSet<String> revokedEndpoints = new TreeSet<>();
  private TreeSet<String> revokedIdentities = new TreeSet<>();
  private List<RetiredCredential> told = new ArrayList<>();

  ManagedModel(TestClock clock) {
    this.clock = clock;
  }

  /** Changes everything or, if it is refused, nothing. */
  <T> T change(Supplier<T> change) {
    Map<String, DeviceCredential> oldCurrent = new HashMap<>(current);
    Map<String, Next> oldNext = new HashMap<>(next);
    TreeSet<String> oldEndpoints = new TreeSet<>(revokedEndpoints);
    TreeSet<String> oldIdentities = new TreeSet<>(revokedIdentities);
    told = new ArrayList<>();
    try {
      return change.get();
    } catch (IllegalArgumentException e) {
      current = oldCurrent;
      next = oldNext;
      revokedEndpoints = oldEndpoints;
      revokedIdentities = oldIdentities;
      told = new ArrayList<>();
      throw e;
    }
  }

  Optional<DeviceCredential> put(DeviceCredential credential, boolean reinstating) {
    String endpoint = credential.endpoint();
    finishIfDue(endpoint);
    requireNotRevoked(credential, reinstating);
    requireOwn(credential);
    DeviceCredential previous = current.get(endpoint);
    if (!credential.equals(previous)) {
      retire(previous, Cause.REPLACED);
      Next pending = next.remove(endpoint);
      retire(pending == null ? null : pending.credential, Cause.REPLACED);
      current.put(endpoint, credential);
    }
    return Optional.ofNullable(previous);
  }

  int putAll(List<DeviceCredential> credentials) {
    credentials.forEach(credential -> finishIfDue(credential.endpoint()));
    int changed = 0;
    for (DeviceCredential credential : credentials) {
      changed += put(credential, false).filter(credential::equals).isPresent() ? 0 : 1;
    }
    return changed;
  }

  Optional<DeviceCredential> remove(String endpoint) {
    finishIfDue(endpoint);
    return takeAway(endpoint, Cause.REMOVED);
  }

  boolean revoke(String endpoint) {
    finishIfDue(endpoint);
    boolean added = revokedEndpoints.add(endpoint);
    Optional.ofNullable(current.get(endpoint)).ifPresent(c -> revokedIdentities.add(identity(c)));
    Optional.ofNullable(next.get(endpoint))
        .ifPresent(n -> revokedIdentities.add(identity(n.credential)));
    boolean had = takeAway(endpoint, Cause.REVOKED).isPresent();
    if (!had && added) {
      told.add(new RetiredCredential(endpoint, PskIdentity.of(endpoint), Cause.REVOKED));
    }
    return had;
  }

  private Optional<DeviceCredential> takeAway(String endpoint, Cause cause) {
    DeviceCredential gone = current.remove(endpoint);
    retire(gone, cause);
    Next pending = next.remove(endpoint);
    retire(pending == null ? null : pending.credential, cause);
    return Optional.ofNullable(gone);
  }

  Void rotate(DeviceCredential credential, Instant deadline) {
    String endpoint = credential.endpoint();
    finishIfDue(endpoint);
    requireNotRevoked(credential, false);
    requireOwn(credential);
    DeviceCredential existing = current.get(endpoint);
    if (existing == null || existing.pskIdentity().equals(credential.pskIdentity())) {
      throw new IllegalArgumentException("no credential, or no other identity");
    }
    Next replaced = next.put(endpoint, new Next(credential, deadline));
    retire(replaced == null ? null : replaced.credential, Cause.REPLACED);
    return null;
  }

  boolean confirm(PskIdentity identity) {
    Optional<String> endpoint =
        next.values().stream()
            .map(Next::credential)
            .filter(credential -> credential.pskIdentity().equals(identity))
            .map(DeviceCredential::endpoint)
            .findAny();
    endpoint.ifPresent(this::finish);
    return endpoint.isPresent();
  }

  Void finishAllDue() {
    List.copyOf(next.keySet()).forEach(this::finishIfDue);
    return null;
  }

  private void finishIfDue(String endpoint) {
    if (isDue(endpoint)) {
      finish(endpoint);
    }
  }

  private void finish(String endpoint) {
    DeviceCredential old = current.put(endpoint, next.remove(endpoint).credential);
    revokedIdentities.add(identity(old));
    retire(old, Cause.REPLACED);
  }

  private boolean isDue(String endpoint) {
    Next pending = next.get(endpoint);
    return pending != null && !pending.deadline.isAfter(clock.instant());
  }

  private void requireNotRevoked(DeviceCredential credential, boolean reinstating) {
    String endpoint = credential.endpoint();
    boolean isRevoked =
        revokedEndpoints.contains(endpoint) || revokedIdentities.contains(identity(credential));
    if (isRevoked && !reinstating) {
      throw new RevokedCredentialException(
          endpoint, new Revocation(endpoint, Optional.empty(), clock.instant(), ""));
    }
    if (isRevoked) {
      revokedEndpoints.remove(endpoint);
      revokedIdentities.remove(identity(credential));
    }
  }

  private void requireOwn(DeviceCredential credential) {
    boolean isTaken =
        all().stream()
            .anyMatch(
                other ->
                    other.pskIdentity().equals(credential.pskIdentity())
                        && !other.endpoint().equals(credential.endpoint()));
    if (isTaken) {
      throw new DuplicatePskIdentityException(credential.pskIdentity());
    }
  }

  private List<DeviceCredential> all() {
    List<DeviceCredential> all = new ArrayList<>(current.values());
    next.values().forEach(pending -> all.add(pending.credential));
    return all;
  }

  private void retire(DeviceCredential credential, Cause cause) {
    if (credential != null) {
      told.add(new RetiredCredential(credential.endpoint(), credential.pskIdentity(), cause));
    }
  }

  private static String identity(DeviceCredential credential) {
    return credential.pskIdentity().asString();
  }

  List<RetiredCredential> told() {
    return told;
  }

  int size() {
    return current.size();
  }

  Optional<DeviceCredential> find(String endpoint) {
    return Optional.ofNullable(
        isDue(endpoint) ? next.get(endpoint).credential : current.get(endpoint));
  }

  Optional<DeviceCredential> find(PskIdentity identity) {
    return all().stream()
        .filter(credential -> credential.pskIdentity().equals(identity))
        .filter(c -> !isDue(c.endpoint()) || !c.equals(current.get(c.endpoint())))
        .findAny();
  }

  List<Rotation> rotations() {
    return next.values().stream()
        .filter(pending -> !isDue(pending.credential.endpoint()))
        .map(
            pending ->
                new Rotation(
                    pending.credential.endpoint(),
                    current.get(pending.credential.endpoint()).pskIdentity(),
                    pending.credential.pskIdentity(),
                    pending.deadline))
        .toList();
  }

  /** Endpoints, and identities with an {@code @} in front. */
  List<String> revocations() {
    List<String> all = new ArrayList<>(revokedEndpoints);
    revokedIdentities.forEach(identity -> all.add("@" + identity));
    return all;
  }
}
