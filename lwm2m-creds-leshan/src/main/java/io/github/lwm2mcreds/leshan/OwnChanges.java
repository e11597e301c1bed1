// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.RetiredCredential;
import org.eclipse.leshan.servers.security.SecurityInfo;

/**
 * What threads are taking out of a credential store through a {@link LeshanSecurityStore}, so that
 * its listeners get the whole info, and hear whether it is compromised.
 */
final class OwnChanges {
  /** What is being taken out; null if nothing is known of it. */
  private record Change(SecurityInfo previous, boolean compromised) {
    boolean isOf(RetiredCredential retired) {
      return previous != null
          && previous.getEndpoint().equals(retired.endpoint())
          && retired.pskIdentity().asString().equals(previous.getPskIdentity());
    }
  }

  private final ThreadLocal<Change> current = new ThreadLocal<>();

  /** Makes a change that takes out an info, which may be null. */
  void make(SecurityInfo previous, boolean compromised, Runnable change) {
    current.set(new Change(previous, compromised));
    try {
      change.run();
    } finally {
      current.remove();
    }
  }

  /** What listeners are told of a credential that was taken out, on this thread or elsewhere. */
  Removal removal(RetiredCredential retired) {
    Change change = current.get();
    return change != null && change.isOf(retired)
        ? new Removal(change.compromised, change.previous)
        : new Removal(true, PskInfos.withoutKey(retired.endpoint(), retired.pskIdentity()));
  }
}
