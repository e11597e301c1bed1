// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;

/** Tracks whether a server is ready to serve its devices. */
final class Readiness {
  private enum Phase {
    STARTING,
    STARTED,
    STOPPING
  }

  private volatile Phase phase = Phase.STARTING;
  private volatile MirroredCredentialStore store; // null without one
  private volatile Duration staleAfter;

  void loaded(MirroredCredentialStore loaded, Duration limit) {
    staleAfter = limit;
    store = loaded;
  }

  void started() {
    phase = Phase.STARTED;
  }

  void stopping() {
    phase = Phase.STOPPING;
  }

  /** Returns why the server is not ready; empty if it is. */
  String trouble() {
    return switch (phase) {
      case STARTING -> "starting";
      case STOPPING -> "stopping";
      case STARTED -> troubleOfStore();
    };
  }

  private String troubleOfStore() {
    if (store == null) {
      return "";
    }
    Duration lag = store.state().lag();
    return lag.compareTo(staleAfter) > 0
        ? "stale: the store has been out of reach for " + lag.toSeconds() + " s"
        : "";
  }
}
