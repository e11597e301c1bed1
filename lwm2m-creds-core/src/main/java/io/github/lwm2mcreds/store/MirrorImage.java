package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.store.CredentialRow.Role;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  MirrorImage(Clock clock) {
    this.clock = clock;
  }

  int size() {
    return current.size();
  }

  int nextSize() {
    return next.size();
  }

  Iterator<CompactTable.Entry> iterator() {
    return current.iterator();
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

  boolean hasNext(byte[] identity) {
    return next.size() > 0 && next.findByIdentity(identity) != null;
  }

  boolean hasDueRotation() {
    return rotations.values().stream().anyMatch(this::isDue);
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
    for (CredentialRow row : update.rows) {
      if (row.role() == Role.CURRENT) {
        put(current, row);
      }
    }
    for (CredentialRow row : update.rows) {
      if (row.role() == Role.NEXT) {
        put(next, row);
      }
    }
    for (byte[] endpoint : update.endpoints) {
      removeUnless(next, endpoint, update.rows, Role.NEXT);
      removeUnless(current, endpoint, update.rows, Role.CURRENT);
      String name = new String(endpoint, UTF_8);
      if (update.rotations.stream().noneMatch(rotation -> rotation.endpoint().equals(name))) {
        rotations.remove(name);
      }
      if (update.revocations.stream().noneMatch(each -> each.endpoint().equals(name))) {
        revocations.remove(name);
      }
    }
  }

  private static void put(CompactTable table, CredentialRow row) {
    CompactTable.Entry owner = table.findByIdentity(row.identity());
    if (owner != null && !Arrays.equals(owner.endpoint(), row.endpoint())) {
      table.remove(owner.endpoint()); // it has given the identity up, or it would not be another's
    }
    table.put(row.endpoint(), row.identity(), row.sealed());
  }

  private static void removeUnless(
      CompactTable table, byte[] endpoint, List<CredentialRow> rows, Role role) {
    if (rows.stream().noneMatch(row -> row.role() == role && row.isOf(endpoint))) {
      table.remove(endpoint);
    }
  }
}
