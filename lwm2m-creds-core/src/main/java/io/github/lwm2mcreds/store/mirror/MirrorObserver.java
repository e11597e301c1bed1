// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.StoreEngine.Position;

/**
 * Is called when a {@link MirroredCredentialStore} loses its database and when it is back. All that
 * it is told is logged besides, see the <a
 * href="https://github.com/lwm2m-creds/lwm2m-creds/blob/main/lwm2m-creds-core/EVENTS.md">list of
 * events</a>.
 */
public interface MirrorObserver {
  /**
   * Called when the mirror cannot follow its database, or cannot open a new sealing key. Known
   * devices are served from memory meanwhile; if the database is out of reach, so are those that
   * were revoked since. The mirror tries again by itself.
   *
   * @param failure why
   */
  default void lost(CredentialStoreException failure) {}

  /** Called when the mirror follows its database again, and has caught up. */
  default void resumed() {}

  /**
   * Called when the store turns out not to have the history that the mirror followed: an older
   * state was restored, or a fail-over lost changes. The mirror has loaded the store anew, and
   * listeners were called for what is gone or other. Changes that were acknowledged may be missing,
   * revocations among them; the audit trail of the lost database may still have them.
   *
   * @param followed the last change that the mirror knew; it is not in the store's history
   * @param loaded where the store's history ends now
   */
  default void historyChanged(Position followed, Position loaded) {}

  /**
   * Called when a device asked for its key and that does not open. The device is refused.
   *
   * @param failure whose key, and why
   */
  default void unreadable(CredentialStoreException failure) {}
}
