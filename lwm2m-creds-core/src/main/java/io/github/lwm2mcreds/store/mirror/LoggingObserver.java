// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLog;

/** Logs what happens to a mirror before its observer is called. */
record LoggingObserver(StoreEngine engine, MirrorObserver observer) implements MirrorObserver {
  private static final String STORE = "store";

  @Override
  public void lost(CredentialStoreException failure) {
    EventLog.log(
        Event.MIRROR_LOST,
        failure.reason(),
        line -> line.put(STORE, engine.toString()).failure(failure));
    observer.lost(failure);
  }

  @Override
  public void resumed() {
    EventLog.log(Event.MIRROR_RESUMED, line -> line.put(STORE, engine.toString()));
    observer.resumed();
  }

  @Override
  public void historyChanged(Position followed, Position loaded) {
    EventLog.log(
        Event.MIRROR_HISTORY_CHANGED,
        line ->
            line.put(STORE, engine.toString())
                .put("followed", followed.number())
                .put("loaded", loaded.number()));
    observer.historyChanged(followed, loaded);
  }

  @Override
  public void unreadable(CredentialStoreException failure) {
    EventLog.log(Event.KEY_UNREADABLE, failure.reason(), line -> line.failure(failure));
    observer.unreadable(failure);
  }
}
