// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Position;

/** A mirror without a thread, which follows when it is told to. */
public record SteppedMirror(MirroredCredentialStore store) {
  public static SteppedMirror of(StoreEngine engine, MirrorObserver observer) {
    return new SteppedMirror(
        MirroredCredentialStore.builder(engine).observer(observer).buildStopped());
  }

  /** Follows the store once. */
  public void round() {
    store.updates().round();
  }

  /** Where in the store's history it is. */
  public Position position() {
    return store.updates().follower().position();
  }
}
