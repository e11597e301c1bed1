package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.CredentialRow.Role;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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

  int nextSize() {
    return next.size();
  }

  /** The current credentials, and the next one where a rotation's time is up. */
  Stream<CompactTable.Entry> stream() {
    return stream(current)
        .map(entry -> isOver(entry.endpoint()) ? findByEndpoint(entry.endpoint()) : entry)
        .filter(Objects::nonNull);
  }

  private static Stream<CompactTable.Entry> stream(CompactTable table) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(table.iterator(), Spliterator.NONNULL), false);
  }

  /** All credentials, current and next. */
  Stream<CompactTable.Entry> all() {
    return Stream.concat(stream(current), stream(next));
  }

  /**
   * Finds the credential of an identity, current or next; null if there is none. A rotation's end
   * puts a credential among the current ones before it takes it from the next, so these are looked
   * through first.
   */
  CompactTable.Entry findByIdentity(byte[] identity) {
    CompactTable.Entry found = next.size() == 0 ? null : next.findByIdentity(identity);
    if (found == null) {
      found = current.findByIdentity(identity);
      return found == null || isOver(found.endpoint()) ? null : found;
    }
    return found;
  }

  /** Finds the credential of an endpoint; null if there is none. */
  CompactTable.Entry findByEndpoint(byte[] endpoint) {
    if (isOver(endpoint)) {
      CompactTable.Entry found = next.findByEndpoint(endpoint);
      if (found != null) {
        return found;
      }
    }
    return current.findByEndpoint(endpoint);
  }

  /** Whether an endpoint's current credential is good no longer, as its rotation's time is up. */
  private boolean isOver(byte[] endpoint) {
    if (rotations.isEmpty()) {
      return false;
    }
    Rotation rotation = rotations.get(new String(endpoint, UTF_8));
    return rotation != null && isDue(rotation);
  }

  private boolean isDue(Rotation rotation) {
    return !rotation.deadline().isAfter(clock.instant());
  }

  /** Whether there is a credential, current or next, with this identity, endpoint and value. */
  boolean has(CompactTable.Entry entry) {
    return isIn(current, entry) || isIn(next, entry);
  }

  private static boolean isIn(CompactTable table, CompactTable.Entry entry) {
    CompactTable.Entry found = table.findByIdentity(entry.identity());
    return found != null
        && Arrays.equals(found.endpoint(), entry.endpoint())
        && Arrays.equals(found.value(), entry.value());
  }

  boolean hasNext(byte[] identity) {
    return next.size() > 0 && next.findByIdentity(identity) != null;
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

  Revocation revocation(String endpoint) {
    return revocations.get(endpoint);
  }

  /** Adds a row of a store that is being loaded. */
  void load(CredentialRow row) {
    (row.role() == Role.CURRENT ? current : next).put(row.endpoint(), row.identity(), row.sealed());
  }

  void loadRotation(Rotation rotation) {
    rotations.put(rotation.endpoint(), rotation);
    if (rotation.deadline().isBefore(earliestDeadline)) {
      earliestDeadline = rotation.deadline();
    }
  }

  void loadRevocation(Revocation revocation) {
    revocations.put(revocation.endpoint(), revocation);
  }

  /** All that a store has of some endpoints. */
  record Update(
      Collection<byte[]> endpoints,
      List<CredentialRow> rows,
      List<Rotation> rotations,
      List<Revocation> revocations) {}

  /** Makes the image of some endpoints what the store has of them. */
  void apply(Update update) {
    update.rotations.forEach(this::loadRotation);
    update.revocations.forEach(this::loadRevocation);
    Set<ByteBuffer> inCurrent = put(current, update, Role.CURRENT);
    Set<ByteBuffer> inNext = put(next, update, Role.NEXT);
    Set<String> rotating = names(update.rotations, Rotation::endpoint);
    Set<String> revoked = names(update.revocations, Revocation::endpoint);
    for (byte[] endpoint : update.endpoints) {
      if (!inNext.contains(CredentialRow.key(endpoint))) {
        next.remove(endpoint);
      }
      if (!inCurrent.contains(CredentialRow.key(endpoint))) {
        current.remove(endpoint);
      }
      String name = new String(endpoint, UTF_8);
      if (!rotating.contains(name)) {
        rotations.remove(name);
      }
      if (!revoked.contains(name)) {
        revocations.remove(name);
      }
    }
  }

  private static <T> Set<String> names(List<T> all, Function<T, String> name) {
    return all.stream().map(name).collect(Collectors.toSet());
  }

  /** Puts in what an update has of a role, and tells for which endpoints. */
  private static Set<ByteBuffer> put(CompactTable table, Update update, Role role) {
    Set<ByteBuffer> endpoints = new HashSet<>();
    for (CredentialRow row : update.rows) {
      if (row.role() == role) {
        put(table, row);
        endpoints.add(CredentialRow.key(row.endpoint()));
      }
    }
    return endpoints;
  }

  private static void put(CompactTable table, CredentialRow row) {
    CompactTable.Entry owner = table.findByIdentity(row.identity());
    if (owner != null && !Arrays.equals(owner.endpoint(), row.endpoint())) {
      table.remove(owner.endpoint()); // it has given the identity up, or it would not be another's
    }
    table.put(row.endpoint(), row.identity(), row.sealed());
  }
}
