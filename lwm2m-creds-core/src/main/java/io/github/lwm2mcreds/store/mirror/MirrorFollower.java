// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Changes;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.StoreEngine.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads an image of a store, and brings it up to date with the store's changes. One thread at a
 * time.
 */
final class MirrorFollower {
  private final StoreEngine engine;
  private volatile MirrorImage image;
  private volatile Position position;

  /** The furthest change of which the image may have something; the position or behind it. */
  private volatile Position seen;

  /** What was retired and nobody was told of yet: kept if the database fails in between. */
  private final List<RetiredCredential> retired = new ArrayList<>();

  /** What is still to be done, if the database fails in between. */
  private enum Pending {
    /** A credential is sealed by a key that was not read. */
    KEYS,
    /** All credentials were sealed anew. */
    RESEAL,
    /** More was retired than can be told one by one. */
    MISSED
  }

  private final Set<Pending> pending = EnumSet.noneOf(Pending.class);

  /** What history was lost, if nobody was told of that yet. */
  private Loss loss;

  /** When the image was last known to be what the store holds. */
  private volatile Instant upToDateAt;

  /**
   * That the store's history is not the one that was followed.
   *
   * @param followed where the mirror was
   * @param loaded where the store was when it was loaded anew
   */
  record Loss(Position followed, Position loaded) {}

  MirrorFollower(StoreEngine engine) {
    this.engine = engine;
    load(Optional.empty());
  }

  MirrorImage image() {
    return image;
  }

  Position position() {
    return position;
  }

  /** How many changes of the store are known, and not yet in the image. */
  long behind() {
    return Math.max(0, seen.number() - position.number()); // they are not set at once
  }

  /** When the image was last known to be what the store holds. */
  Instant upToDateAt() {
    return upToDateAt;
  }

  private Snapshot load(Optional<Position> since) {
    Instant before = engine.clock().instant();
    MirrorImage loaded = new MirrorImage(engine.clock());
    Snapshot rest = engine.load(since, loaded.new Loading());
    loaded.load(rest);
    position = rest.position();
    seen = position;
    image = loaded;
    upToDateAt = before;
    pending.removeAll(EnumSet.of(Pending.KEYS, Pending.RESEAL)); // keys were read, too
    return rest;
  }

  /** Applies all changes that the store has by now. */
  void follow() {
    Instant asked = null;
    boolean more = true;
    while (more) {
      asked = engine.clock().instant();
      Optional<Changes> changes = engine.changesAfter(position, seen);
      changes.ifPresentOrElse(this::apply, this::reloadOther);
      more = changes.filter(Changes::more).isPresent();
    }
    upToDateAt = asked;
    // Now that every change is applied: a key that does not open must not keep one away.
    if (pending.contains(Pending.KEYS)) {
      engine.requireSealingKeys();
      pending.remove(Pending.KEYS);
    }
    if (pending.contains(Pending.RESEAL)) {
      engine.requireSealingKeys();
      reload(); // so that nothing is left of what the old sealing key opens
    }
  }

  private void apply(Changes changes) {
    if (hasUntold(changes)) {
      pending.add(Pending.MISSED);
    }
    retired.addAll(changes.retired());
    image.apply(changes);
    switch (changes.keyChange()) {
      case ADDED -> pending.add(Pending.KEYS);
      case REPLACED -> pending.add(Pending.RESEAL);
      case UNCHANGED -> {
        // no key is to be read
      }
    }
    position = changes.position();
    seen = changes.end();
  }

  /** Whether an endpoint was revoked whose name is too long to tell of as an identity. */
  private static boolean hasUntold(Changes changes) {
    Set<String> told =
        changes.retired().stream()
            .filter(retired -> retired.cause() == Cause.REVOKED)
            .map(RetiredCredential::endpoint)
            .collect(Collectors.toSet());
    return changes.revocations().stream()
        .anyMatch(revocation -> !told.contains(revocation.endpoint()));
  }

  /** Loads a store whose keys were sealed anew; changes since are told as if they were followed. */
  private void reload() {
    MirrorImage before = image;
    Position followed = seen;
    Snapshot loaded = load(Optional.of(position));
    pending.add(Pending.MISSED);
    loaded
        .retiredSince()
        .ifPresentOrElse(retired::addAll, () -> retireDifference(before, followed));
  }

  /**
   * Loads a store that has another history, since it was put back to an older state or a fail-over
   * lost changes.
   */
  private void reloadOther() {
    MirrorImage before = image;
    Position followed = seen;
    load(Optional.empty());
    pending.add(Pending.MISSED);
    retireDifference(before, followed);
  }

  /** Retires what differs from what it was; if a loss could not be told yet, the first is kept. */
  private void retireDifference(MirrorImage before, Position followed) {
    before.all().filter(credential -> !image.has(credential)).forEach(this::retire);
    loss = new Loss(loss == null ? followed : loss.followed, position);
  }

  private void retire(SealedCredential gone) {
    retired.add(new RetiredCredential(gone.endpoint(), gone.pskIdentity(), cause(gone)));
  }

  private Cause cause(SealedCredential gone) {
    if (image.revocation(gone.endpoint()) != null) {
      return Cause.REVOKED;
    }
    return image.identityOf(gone.endpoint()) == null ? Cause.REMOVED : Cause.REPLACED;
  }

  /** Returns what was retired by the changes that were applied since the last call. */
  List<RetiredCredential> takeRetired() {
    List<RetiredCredential> all = List.copyOf(retired);
    retired.clear();
    return all;
  }

  /** Returns whether more was retired since the last call than can be told one by one. */
  boolean takeMissed() {
    return pending.remove(Pending.MISSED);
  }

  /** Returns what history was lost since the last call; empty if none was. */
  Optional<Loss> takeLoss() {
    Optional<Loss> last = Optional.ofNullable(loss);
    loss = null;
    return last;
  }
}
