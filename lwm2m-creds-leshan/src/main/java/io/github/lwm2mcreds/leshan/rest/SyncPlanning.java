// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import io.github.lwm2mcreds.leshan.rest.StoreContent.Stored;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Action;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Cause;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares a server's entries, as they arrive, with what a store held; keeps no key. */
final class SyncPlanning {
  /** Refuses a credential that may not be put. */
  interface Sendable {
    void require(String endpoint, PskIdentity identity) throws SecurityApiException;
  }

  private final StoreContent content;
  private final KeyTags tags;
  private final Sendable sendable;
  private final boolean deletesUnknown;
  private final Map<String, SyncStep> steps = new TreeMap<>();

  /** The endpoints on the server that have an identity of another endpoint's in the store. */
  private final Map<String, String> holders = new HashMap<>();

  SyncPlanning(StoreContent content, KeyTags tags, Sendable sendable, boolean deletesUnknown) {
    this.content = content;
    this.tags = tags;
    this.sendable = sendable;
    this.deletesUnknown = deletesUnknown;
  }

  /** Compares with an entry, and destroys it. */
  void with(SecurityEntry entry) {
    String endpoint = entry.endpoint();
    Stored stored = content.of(endpoint);
    Cause cause = stored == null ? causeWithout(endpoint) : cause(endpoint, stored, entry);
    steps.put(endpoint, step(entry, stored, cause));
    entry
        .pskIdentity()
        .map(content::endpointOf)
        .filter(owner -> !owner.equals(endpoint))
        .ifPresent(owner -> holders.put(owner, endpoint));
    entry.destroy();
  }

  private Cause causeWithout(String endpoint) {
    return content.isRevoked(endpoint) ? Cause.REVOKED : Cause.UNKNOWN;
  }

  private Cause cause(String endpoint, Stored stored, SecurityEntry entry) {
    if (entry.mode() != Mode.PSK) {
      return Cause.OTHER_MODE;
    }
    Stored next = content.nextOf(endpoint);
    if (next != null && isSame(next, entry)) {
      return Cause.SAME_AS_NEXT;
    }
    if (!stored.opens()) {
      return Cause.UNOPENED_KEY;
    }
    if (isSame(stored, entry)) {
      return Cause.SAME;
    }
    return entry.pskIdentity().equals(Optional.of(stored.identity()))
        ? Cause.OTHER_KEY
        : Cause.OTHER_IDENTITY;
  }

  /** Compares keys; with a server that gives none, their check values. */
  private boolean isSame(Stored stored, SecurityEntry entry) {
    if (!stored.opens() || !entry.pskIdentity().equals(Optional.of(stored.identity()))) {
      return false;
    }
    return entry
        .psk()
        .map(key -> tags.of(stored.identity(), key).equals(stored.tag()))
        .orElseGet(() -> stored.checkValue().equals(entry.checkValue()));
  }

  private static SyncStep step(SecurityEntry entry, Stored stored, Cause cause) {
    return new SyncStep(
        entry.endpoint(),
        actionFor(cause),
        cause,
        Optional.ofNullable(stored).map(has -> has.summary(entry.endpoint())),
        Optional.of(entry.mode()),
        entry.pskIdentity(),
        entry.checkValue(),
        Optional.empty());
  }

  private static Action actionFor(Cause cause) {
    return switch (cause) {
      case NEW -> Action.ADD;
      case OTHER_KEY, OTHER_IDENTITY -> Action.REPLACE;
      case REVOKED, REMOVED -> Action.REMOVE;
      case SAME, SAME_AS_NEXT -> Action.UNCHANGED;
      case UNKNOWN, UNKNOWN_CREDENTIAL -> Action.KEEP;
      case IDENTITY_IN_USE -> Action.CONFLICT;
      case OTHER_MODE, UNREMOVABLE, UNSENDABLE, UNOPENED_KEY -> Action.IMPOSSIBLE;
    };
  }

  /** Returns the plan, once all entries have been there. */
  SyncPlan finish(ManagedCredentialStore store) {
    settleUnknown(store);
    content
        .credentials()
        .forEach(
            (endpoint, stored) -> steps.computeIfAbsent(endpoint, absent -> added(absent, stored)));
    steps.replaceAll((endpoint, step) -> possible(step));
    return SyncPlan.of(steps, holders);
  }

  private void settleUnknown(ManagedCredentialStore store) {
    List<SyncStep> unknown =
        steps.values().stream().filter(step -> step.cause() == Cause.UNKNOWN).toList();
    SyncHistory.of(store, unknown).forEach((endpoint, cause) -> settle(endpoint, cause));
  }

  /** The store holds pre-shared keys only: what has another mode is not its to delete. */
  private void settle(String endpoint, Cause cause) {
    SyncStep step = steps.get(endpoint);
    boolean isDeleted = deletesUnknown && step.mode().equals(Optional.of(Mode.PSK));
    steps.put(endpoint, step.with(isDeleted ? Action.REMOVE : actionFor(cause), cause));
  }

  private static SyncStep added(String endpoint, Stored stored) {
    Cause cause = stored.opens() ? Cause.NEW : Cause.UNOPENED_KEY;
    return new SyncStep(
        endpoint,
        actionFor(cause),
        cause,
        Optional.of(stored.summary(endpoint)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Tells of a step that the API cannot carry before anything is sent. */
  private SyncStep possible(SyncStep step) {
    try {
      if (step.action() == Action.REMOVE) {
        EndpointPath.encode(step.endpoint());
      } else if (step.action().changes()) {
        sendable.require(step.endpoint(), step.stored().orElseThrow().pskIdentity());
      }
      return step;
    } catch (SecurityApiException e) {
      if (step.cause() == Cause.REVOKED) {
        return step.with(Action.LOCK, Cause.REVOKED);
      }
      boolean isName = step.action() == Action.REMOVE || e.reason() == Reason.UNREMOVABLE;
      return step.with(Action.IMPOSSIBLE, isName ? Cause.UNREMOVABLE : Cause.UNSENDABLE);
    }
  }
}
