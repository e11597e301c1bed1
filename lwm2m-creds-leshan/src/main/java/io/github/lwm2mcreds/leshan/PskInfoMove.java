// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** One move of pre-shared keys: checks all of them, stores all, and then removes all. */
final class PskInfoMove {
  private final EditableSecurityStore from;
  private final CredentialStore to;
  private final List<SecurityInfo> infos;
  private final List<DeviceCredential> credentials = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  PskInfoMove(EditableSecurityStore from, CredentialStore to) {
    this.from = from;
    this.to = Objects.requireNonNull(to, "to");
    this.infos = PskInfos.in(from);
  }

  List<String> run() {
    try {
      infos.forEach(this::check);
      throwRefusals(null);
      store();
    } finally {
      credentials.forEach(DeviceCredential::destroy);
    }
    infos.forEach(this::remove);
    return infos.stream().map(SecurityInfo::getEndpoint).toList();
  }

  private void check(SecurityInfo info) {
    if (PskInfos.mixesModes(info)) {
      refuse(info.getEndpoint(), "its info mixes PSK with another mode");
      return;
    }
    try {
      DeviceCredential credential = PskInfos.credential(info);
      credentials.add(credential);
      requireFree(credential);
    } catch (RefusedCredentialException e) {
      refuse(info.getEndpoint(), e.getMessage());
    }
  }

  private void requireFree(DeviceCredential credential) {
    String endpoint = credential.endpoint();
    to.findRevocation(endpoint)
        .ifPresent(
            revocation -> {
              throw new RevokedCredentialException(endpoint, revocation);
            });
    if (to.findEndpoint(credential.pskIdentity()).filter(o -> !o.equals(endpoint)).isPresent()) {
      throw new DuplicatePskIdentityException(credential.pskIdentity());
    }
    to.findByEndpoint(endpoint)
        .ifPresent(
            existing -> {
              boolean same = existing.equals(credential);
              existing.destroy();
              if (!same) {
                throw new EndpointInUseException(endpoint);
              }
            });
  }

  private void refuse(String endpoint, String reason) {
    refusals.add(PskInfos.quoted(endpoint) + " (" + reason + ")");
  }

  private void throwRefusals(RefusedCredentialException cause) {
    if (!refusals.isEmpty()) {
      throw new IllegalArgumentException(
          "no pre-shared key was moved, since these are refused: " + PskInfos.named(refusals),
          cause);
    }
  }

  private void store() {
    try {
      if (to instanceof ManagedCredentialStore managed) {
        managed.addAll(credentials);
      } else {
        addEach();
      }
    } catch (WeakKeyException e) {
      refuseAllAsWeak(e);
      throwRefusals(e);
    }
  }

  /** What was added is taken away again if another is refused. */
  private void addEach() {
    List<String> added = new ArrayList<>();
    try {
      for (DeviceCredential credential : credentials) {
        if (to.add(credential) == PutOutcome.ADDED) {
          added.add(credential.endpoint());
        }
      }
    } catch (RefusedCredentialException e) {
      added.forEach(to::remove);
      throw e;
    }
  }

  /** The store names the first weak key only; others with the same weakness are refused, too. */
  private void refuseAllAsWeak(WeakKeyException first) {
    EnumSet<KeyWeakness> allowed = EnumSet.allOf(KeyWeakness.class);
    allowed.removeAll(first.weaknesses());
    KeyPolicy policy = KeyPolicy.strict().allowing(allowed.toArray(KeyWeakness[]::new));
    for (DeviceCredential credential : credentials) {
      try {
        policy.check(credential);
      } catch (WeakKeyException e) {
        refuse(credential.endpoint(), e.getMessage());
      }
    }
  }

  /** Removes an info unless it was replaced meanwhile. */
  private void remove(SecurityInfo info) {
    if (info.equals(from.getByEndpoint(info.getEndpoint()))) {
      from.remove(info.getEndpoint(), false);
      Arrays.fill(info.getPreSharedKey(), (byte) 0);
    }
  }
}
