// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.StoreEngine.Changes;
import io.github.lwm2mcreds.store.StoreEngine.Snapshot;
import io.github.lwm2mcreds.store.internal.CompactTable;
import io.github.lwm2mcreds.store.internal.CompactTable.Reader;
import io.github.lwm2mcreds.store.internal.RawCredentials;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a mirror has in memory: the sealed keys of current and next credentials, the rotations and
 * the revoked endpoints. One thread at a time changes it; readers take no lock.
 */
final class MirrorImage {
  private final CompactTable current = new CompactTable();
  private final CompactTable next = new CompactTable();
  private final Map<String, Rotation> rotations = new ConcurrentHashMap<>();
  private final Map<String, Revocation> revocations = new ConcurrentHashMap<>();
  private final Clock clock;

  /** No deadline is before it. */
  private volatile Instant earliestDeadline = Instant.MAX;

  MirrorImage(Clock clock) {
    this.clock = clock;
  }

  int size() {
    return current.size();
  }

  private static final Reader<SealedCredential> CURRENT =
      (endpoint, identity, value) -> new SealedCredential(endpoint, identity, Role.CURRENT, value);

  private static final Reader<SealedCredential> NEXT =
      (endpoint, identity, value) -> new SealedCredential(endpoint, identity, Role.NEXT, value);

  /** The current credentials in the order of endpoints; the next where a rotation's time is up. */
  Stream<SealedCredential> inOrder() {
    return current
        .inOrder(CURRENT)
        .map(found -> isOver(found.endpoint()) ? findByEndpoint(found.endpoint()) : found)
        .filter(Objects::nonNull);
  }

  /** All credentials, current and next. */
  Stream<SealedCredential> all() {
    return Stream.concat(current.stream(CURRENT), next.stream(NEXT));
  }

  /**
   * Finds the credential of an identity, current or next; null if there is none. A rotation's end
   * puts a credential among the current ones before it takes it from the next, so these are looked
   * through first.
   */
  SealedCredential findByIdentity(PskIdentity identity) {
    SealedCredential found = next.size() == 0 ? null : next.findByIdentity(identity, NEXT);
    if (found == null) {
      found = current.findByIdentity(identity, CURRENT);
      return found == null || isOver(found.endpoint()) ? null : found;
    }
    return found;
  }

  /** Finds the endpoint of an identity, current or next; null if there is none. */
  String endpointOf(PskIdentity identity) {
    String found = next.size() == 0 ? null : next.endpointOf(identity);
    if (found == null) {
      found = current.endpointOf(identity);
      return found == null || isOver(found) ? null : found;
    }
    return found;
  }

  /** Finds the credential of an endpoint; null if there is none. */
  SealedCredential findByEndpoint(String endpoint) {
    if (isOver(endpoint)) {
      SealedCredential found = next.findByEndpoint(endpoint, NEXT);
      if (found != null) {
        return found;
      }
    }
    return current.findByEndpoint(endpoint, CURRENT);
  }

  /** Finds the identity of an endpoint's credential; null if there is none. */
  PskIdentity identityOf(String endpoint) {
    PskIdentity found = isOver(endpoint) ? next.identityOf(endpoint) : null;
    return found == null ? current.identityOf(endpoint) : found;
  }

  /** Whether an endpoint's current credential is good no longer, as its rotation's time is up. */
  private boolean isOver(String endpoint) {
    if (rotations.isEmpty()) {
      return false;
    }
    Rotation rotation = rotations.get(endpoint);
    return rotation != null && isDue(rotation);
  }

  private boolean isDue(Rotation rotation) {
    return !rotation.deadline().isAfter(clock.instant());
  }

  /** Whether this image has the same credential, sealed the same time, in either role. */
  boolean has(SealedCredential credential) {
    PskIdentity identity = credential.pskIdentity();
    return isSame(current.findByIdentity(identity, CURRENT), credential)
        || isSame(next.findByIdentity(identity, NEXT), credential);
  }

  private static boolean isSame(SealedCredential found, SealedCredential credential) {
    return found != null
        && found.endpoint().equals(credential.endpoint())
        && Arrays.equals(found.sealed(), credential.sealed());
  }

  boolean hasNext(PskIdentity identity) {
    return next.size() > 0 && next.endpointOf(identity) != null;
  }

  /** Whether a rotation's time is up; looks through them no sooner than one's may be. */
  boolean hasDueRotation() {
    if (clock.instant().isBefore(earliestDeadline)) {
      return false;
    }
    earliestDeadline =
        rotations.values().stream()
            .map(Rotation::deadline)
            .min(Comparator.naturalOrder())
            .orElse(Instant.MAX);
    return !clock.instant().isBefore(earliestDeadline);
  }

  /** The rotation that an endpoint is in; null if there is none, or its time is up. */
  Rotation rotation(String endpoint) {
    Rotation rotation = rotations.get(endpoint);
    return rotation == null || isDue(rotation) ? null : rotation;
  }

  /** How many endpoints are in a rotation whose time is not up. */
  long countRotations() {
    return rotations.values().stream().filter(rotation -> !isDue(rotation)).count();
  }

  Revocation revocation(String endpoint) {
    return revocations.get(endpoint);
  }

  /** Takes the credentials of a store that is being loaded. */
  final class Loading implements Consumer<SealedCredential>, RawCredentials {
    @Override
    public void accept(SealedCredential credential) {
      table(credential).put(credential.endpoint(), credential.pskIdentity(), credential.sealed());
    }

    @Override
    public void accept(boolean isNext, byte[] endpoint, byte[] identity, byte[] sealed) {
      (isNext ? next : current).put(endpoint, identity, sealed);
    }
  }

  private CompactTable table(SealedCredential credential) {
    return credential.role() == Role.CURRENT ? current : next;
  }

  /** Adds the rest of a store that is being loaded. */
  void load(Snapshot rest) {
    rest.rotations().forEach(this::put);
    rest.revocations().forEach(this::put);
  }

  private void put(Rotation rotation) {
    rotations.put(rotation.endpoint(), rotation);
    if (rotation.deadline().isBefore(earliestDeadline)) {
      earliestDeadline = rotation.deadline();
    }
  }

  private void put(Revocation revocation) {
    revocations.put(revocation.endpoint(), revocation);
  }

  /** Makes the image of the endpoints that changed what the store has of them. */
  void apply(Changes changes) {
    changes.rotations().forEach(this::put);
    changes.revocations().forEach(this::put);
    Set<String> inCurrent = put(changes, Role.CURRENT);
    Set<String> inNext = put(changes, Role.NEXT);
    Set<String> rotating = names(changes.rotations(), Rotation::endpoint);
    Set<String> revoked = names(changes.revocations(), Revocation::endpoint);
    for (String endpoint : changes.endpoints()) {
      if (!inNext.contains(endpoint)) {
        next.remove(endpoint);
      }
      if (!inCurrent.contains(endpoint)) {
        current.remove(endpoint);
      }
      if (!rotating.contains(endpoint)) {
        rotations.remove(endpoint);
      }
      if (!revoked.contains(endpoint)) {
        revocations.remove(endpoint);
      }
    }
  }

  private static <T> Set<String> names(List<T> all, Function<T, String> name) {
    return all.stream().map(name).collect(Collectors.toSet());
  }

  /** Puts in the credentials of a role, and returns their endpoints. */
  private Set<String> put(Changes changes, Role role) {
    Set<String> endpoints = new HashSet<>();
    for (SealedCredential credential : changes.credentials()) {
      if (credential.role() == role) {
        put(credential);
        endpoints.add(credential.endpoint());
      }
    }
    return endpoints;
  }

  private void put(SealedCredential credential) {
    CompactTable table = table(credential);
    String owner = table.endpointOf(credential.pskIdentity());
    if (owner != null && !owner.equals(credential.endpoint())) {
      table.remove(owner); // it has given the identity up, or it would not be another's
    }
    table.put(credential.endpoint(), credential.pskIdentity(), credential.sealed());
  }
}
