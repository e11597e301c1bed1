package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.CredentialStoreException;

/** Is called when a {@link MirroredCredentialStore} loses its database and when it is back. */
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
   * Called when a device asked for its key and that does not open. The device is refused.
   *
   * @param failure whose key, and why
   */
  default void unreadable(CredentialStoreException failure) {}
}
